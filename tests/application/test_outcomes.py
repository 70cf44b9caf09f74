import pytest

from pynomaly.application.outcomes import outcome_of
from tests.infrastructure.persistence.examples import dataset, detection, detector, job, schedule, version


@pytest.mark.parametrize(
    ("subject", "outcome"),
    [
        (detector(id="e").with_version(version(1)).with_version(version(2)), {"detector_id": "e", "version": 2}),
        (
            (detector(id="e").with_version(version(1)), job(id="j")),
            {"detector_id": "e", "version": 1, "next_job_id": "j"},
        ),
        (detection(id="c", n_anomalies=3), {"detection_id": "c", "n_anomalies": 3}),
        (dataset(id="d"), {"dataset_id": "d"}),
        ((dataset(id="d"), ("a note",)), {"dataset_id": "d", "notes": ["a note"]}),
    ],
    ids=["detector", "detector and what follows", "detection", "dataset", "pulled dataset"],
)
def test_a_job_comes_to_the_ids_of_what_it_made(subject, outcome) -> None:
    assert outcome_of(subject) == outcome


@pytest.mark.parametrize("subject", [schedule(), "text", None], ids=["schedule", "text", "nothing"])
def test_what_no_job_makes_is_a_mistake_that_shows(subject) -> None:
    with pytest.raises(TypeError, match="no job comes to a"):
        outcome_of(subject)
