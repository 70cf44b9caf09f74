"""One look at a dataset: a detector of its own and the job that trains it, both or neither."""

from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked, KeyClaim, Reply, RequestKey
from pynomaly.application.use_cases.look_at_dataset import LookAtDataset
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.detector import DetectorStatus
from pynomaly.domain.errors import (
    AlreadyExists,
    InvalidParameter,
    InvalidRequest,
    NotFound,
    NotStorable,
    UnknownAlgorithm,
)
from pynomaly.domain.job import JobKind, JobStatus
from pynomaly.domain.model_selection import choose_algorithm
from pynomaly.infrastructure.algorithms.catalog import Catalog
from tests.application.use_cases.told import ALL, events_of, job_of
from tests.fakes.sources import FakeSources
from tests.infrastructure.persistence.examples import dataset, detector

BY_ADA = Asked("local", "user:ada")
DATA = dataset(
    "screened", columns=(Column("amount", ColumnKind.NUMBER), Column("odd", ColumnKind.BOOLEAN, ColumnRole.LABEL))
)
KEY = RequestKey("user:ada", "POST /look", "k")


@pytest.fixture
def look(transactions):
    with transactions.begin() as work:
        work.datasets.add(DATA)
        work.commit()
    return LookAtDataset(
        Catalog(plugins=()), FakeSources(), transactions.begin, BY_ADA, transactions.clock, transactions.new_id
    )


def _stored(transactions):
    with transactions.begin_reading() as work:
        return list(work.detectors.all()), list(work.jobs.page(ALL).items)


def test_a_draft_is_made_as_it_would_be_chosen_and_its_training_is_queued(look, transactions) -> None:
    made, job = look(dataset="screened")
    choice = choose_algorithm(DATA.n_rows, 1)
    assert (made.name, made.status, made.algorithm) == ("screened", DetectorStatus.DRAFT, choice.algorithm)
    assert dict(choice.parameters).items() <= dict(made.parameters).items()
    assert (job.kind, job.status, job.created_by) == (JobKind.TRAIN, JobStatus.QUEUED, "user:ada")
    assert job.payload == {"detector_id": made.id, "dataset_id": DATA.id, "seed": 0, "then_detect": True}
    assert _stored(transactions) == ([made], [job])
    assert events_of(transactions) == [
        ("DetectorCreated", {"detector_id": made.id, "algorithm": made.algorithm}),
        ("JobSubmitted", {"job_id": job.id, "kind": "train"}),
    ]


def test_a_second_look_has_a_detector_of_its_own(look, transactions) -> None:
    names = [look(dataset="screened")[0].name for _ in range(3)]
    assert names == ["screened", "screened 2", "screened 3"]


def test_what_was_said_of_the_detector_is_kept(look) -> None:
    named, _ = look(dataset=DATA.id, name="Mine", algorithm="hbos", parameters={"n_bins": 7})
    assert (named.name, named.algorithm, named.parameters["n_bins"]) == ("Mine", "hbos", 7)
    steadier, _ = look(dataset=DATA.id, parameters={"n_trees": 40})
    assert (steadier.algorithm, steadier.parameters["n_trees"]) == ("isolation_forest", 40)


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ({"dataset": "nothing"}, NotFound),
        ({"name": "Fraud"}, AlreadyExists),
        ({"name": " "}, InvalidRequest),
        ({"algorithm": "nonsense"}, UnknownAlgorithm),
        ({"parameters": {"n_trees": 0}}, InvalidParameter),
        ({"algorithm": "pyod.sos"}, NotStorable),
    ],
    ids=str,
)
def test_a_look_that_cannot_be_taken_leaves_nothing(look, transactions, question, error) -> None:
    with transactions.begin() as work:
        work.detectors.add(detector("Fraud"))
        work.commit()
    with pytest.raises(error):
        look(**({"dataset": "screened"} | question))
    detectors, jobs = _stored(transactions)
    assert ([one.name for one in detectors], jobs, events_of(transactions)) == (["Fraud"], [], [])


def test_the_answer_to_a_request_is_stored_with_the_look(look, transactions) -> None:
    told = []

    def reply_to(subject):
        told.append(subject)
        return Reply(202, (), b"taken")

    claim = KeyClaim(KEY, "t", reply_to)
    with transactions.begin() as work:
        work.request_keys.reserve(claim, digest="d")
        work.commit()
    made = replace(look, begin=replace(transactions, asked=replace(BY_ADA, claim=claim)).begin)(dataset="screened")
    assert told == [made]
    with transactions.begin() as work:
        assert work.request_keys.reserve(replace(claim, token="again"), digest="d") == Reply(202, (), b"taken")
    assert job_of(transactions, made[1].id) == made[1]
