import re

import yaml

from pynomaly.infrastructure.settings import NAMES, SECRET_NAMES
from tests.deploy.dockerfile import DOCKERFILE, ROOT, instructions

COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = ("upgrade", "api", "worker")


def test_everything_that_is_needed_is_there():
    assert set(SERVICES) == {"postgres", "redis", *OURS}
    assert [SERVICES[name]["command"][0] for name in OURS] == ["admin", "serve", "worker"]


def test_every_container_is_confined():
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["mem_limit"], name
        assert service["pids_limit"], name
        assert not {"privileged", "cap_add", "network_mode", "pid", "ipc", "devices"} & set(service), name
        assert all(re.match(r"[a-z]+:/", volume) for volume in service.get("volumes", [])), "no folder of the host"


def test_nobody_is_root():
    (user,) = (one.rest for one in instructions(DOCKERFILE.read_text()) if one.word == "USER")
    assert not user.startswith("0")
    for name, service in SERVICES.items():
        assert name in OURS or not service["user"].startswith("0"), name


def test_databases_are_reached_from_inside_alone_and_the_server_from_this_machine_alone():
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["api"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["api"]["ports"])


def test_no_secret_stands_in_the_file():
    secret = {f"PYNOMALY_{name.upper()}" for name in SECRET_NAMES}
    for service in SERVICES.values():
        assert not secret & set(service.get("environment", {}))
        assert not [name for name in service.get("environment", {}) if "PASSWORD" in name or "SECRET" in name]
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    files = [name for service in SERVICES.values() for name in service.get("env_file", [])]
    assert files
    assert all(f"/deploy/{name}" in ignored for name in files)


def test_settings_are_ones_that_there_are():
    known = {f"PYNOMALY_{name.upper()}" for name in NAMES}
    assert all(set(SERVICES[name]["environment"]) <= known for name in OURS)


def test_nothing_opens_the_database_before_it_is_up_to_date():
    assert SERVICES["upgrade"]["command"] == ["admin", "upgrade-database"]
    assert SERVICES["upgrade"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("api", "worker"):
        assert SERVICES[name]["depends_on"]["upgrade"]["condition"] == "service_completed_successfully"


def test_whoever_is_told_to_stop_has_time_to_finish():
    assert all(int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > 30 + 5 for name in ("api", "worker"))


def test_servers_and_workers_share_one_home():
    assert SERVICES["api"]["volumes"] == SERVICES["worker"]["volumes"] == ["data:/data"]
