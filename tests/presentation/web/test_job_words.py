import pytest

from pynomaly.domain.job import JobFailure, JobKind, JobStatus
from pynomaly.presentation.web.job_words import STANDINGS, asker, fix_of, purpose, stage_words, status_word
from tests.fakes.programs import job

NAMES = {"e1": "Fraud", "d1": "orders", "s1": "shop", "user:ada": "Ada"}


@pytest.mark.parametrize(
    ("kind", "payload", "said"),
    [
        (JobKind.TRAIN, {"detector_id": "e1", "dataset_id": "d1"}, "Train “Fraud” on “orders”"),
        (JobKind.DETECT, {"detector_id": "e1", "dataset_id": "d1"}, "Look for anomalies in “orders” with “Fraud”"),
        (JobKind.DETECT, {"detector_id": "e1", "source_id": "s1"}, "Look for anomalies in “shop” with “Fraud”"),
        (JobKind.PULL, {"source_id": "s1"}, "Read rows from “shop”"),
        (JobKind.TRAIN, {"detector_id": "e1", "dataset_id": "d9"}, "Train “Fraud” on “a deleted dataset”"),
    ],
)
def test_a_job_is_told_by_what_it_is_for(kind, payload, said):
    assert purpose(job(kind=kind, payload=payload), NAMES) == said


def test_every_state_has_a_word_and_a_mark():
    assert {one: bool(status_word(one)) and one in STANDINGS for one in JobStatus} == dict.fromkeys(JobStatus, True)


def test_a_stage_that_nobody_knows_is_told_as_it_is():
    assert (stage_words("scoring"), stage_words("polishing")) == ("Scoring rows", "polishing")


def test_who_wanted_a_job_is_told_by_name():
    by = {"user:ada": "Ada", "user:gone": "a former user", "schedule:1": "a schedule", "api_key:1": "an API key"}
    assert {actor: asker(job(created_by=actor), NAMES) for actor in by} == by
    assert asker(job(created_by="local"), NAMES) == "local"


def test_a_failure_says_what_to_do():
    assert "Add rows" in fix_of(job(failure=JobFailure("TooFewRows", "there are 3 rows")))
    assert "more memory" in fix_of(job(failure=JobFailure("Crashed", "its process died")))
    assert fix_of(job(failure=None)) == ""
