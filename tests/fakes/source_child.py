"""What disposable processes do where sources are the fake ones; settings come from the environment, as always."""

from typing import Any

from pynomaly.application.ports.opened_source import opened_from_json
from pynomaly.assembly.job_doing import do_job
from pynomaly.assembly.source_reading import reach
from pynomaly.bootstrap import build, settings_in_force
from tests.fakes.sources import FakeSources


def run_job(arguments: dict[str, Any], tell: Any) -> Any:
    do_job(build(sources=FakeSources()).open_workspace, arguments, tell)
    return {}


def reach_source(arguments: dict[str, Any], _tell: Any) -> Any:
    return reach(FakeSources(), settings_in_force(), opened_from_json(arguments["source"]))
