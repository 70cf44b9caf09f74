import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pynomaly.application.written_detectors import detector_from_json, detector_to_json
from pynomaly.domain.detector import DetectorVersion
from tests.fakes.programs import detector

LATER = datetime(2026, 7, 1, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
FULL = replace(
    detector("Überfall \N{FIRE}"),
    parameters={"n_trees": 2**70, "share": 0.1, "tiny": 5e-324, "kernel": "rbf", "is_exact": True, "seed": None},
    versions=(
        DetectorVersion(1, "a" * 64, "d" * 32, 40, datetime(2026, 1, 1, tzinfo=UTC)),
        DetectorVersion(3, "b" * 64, None, 10**12, LATER),
    ),
    live_version=1,
    is_retired=True,
    revision=7,
)


@pytest.mark.parametrize("written", [detector(), detector(is_trained=False), FULL])
def test_a_detector_comes_back_as_it_was(written):
    read = detector_from_json(json.loads(json.dumps(detector_to_json(written))))
    assert read == written
    assert [type(value) for value in read.parameters.values()] == [type(v) for v in written.parameters.values()]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda form: form.pop("name"),
        lambda form: form.update(colour="red"),
        lambda form: form["versions"][0].pop("model"),
        lambda form: form.update(versions=None),
        lambda form: form.update(created_at="yesterday"),
        lambda form: form.update(created_at=3),
    ],
)
def test_what_another_version_of_the_program_wrote_otherwise_is_refused(spoil):
    form = detector_to_json(FULL)
    spoil(form)
    with pytest.raises((ValueError, KeyError, TypeError)):
        detector_from_json(form)
