import json
import re

from pynomaly.infrastructure.settings import NAMES
from pynomaly.presentation.cli.app import COMMANDS
from tests.deploy.dockerfile import DOCKERFILE, ROOT, instructions

STEPS = instructions(DOCKERFILE.read_text(encoding="utf-8"))


def _of(stage, word):
    return [one.rest for one in STEPS if one.stage == stage and one.word == word]


def test_lines_that_go_on_and_comments_are_understood():
    text = "ARG A=1\nFROM a AS one\n# no\nRUN b \\\n  && c\nFROM d AS two\nUSER 5\n"
    assert [(one.stage, one.word, one.rest) for one in instructions(text)] == [
        ("", "ARG", "A=1"),
        ("one", "FROM", "a AS one"),
        ("one", "RUN", "b && c"),
        ("two", "FROM", "d AS two"),
        ("two", "USER", "5"),
    ]


def test_what_runs_is_nobody_and_owns_only_its_data():
    assert _of("run", "USER") == ["10001:10001"]
    assert _of("run", "VOLUME") == ['["/data"]']
    owned = [copy for copy in _of("run", "COPY") if "--chown" in copy]
    assert owned == ["--from=build --chown=10001:10001 /build/home /data"]


def test_nothing_is_built_or_downloaded_where_it_runs():
    assert _of("run", "RUN") == []
    assert all(copy.startswith("--from=build ") for copy in _of("run", "COPY"))


def test_packages_come_by_hash_and_nothing_else_comes_from_anywhere():
    (requirements, own) = (step for step in _of("build", "RUN") if " pip install " in step)
    assert "--require-hashes" in requirements
    assert "--only-binary :all:" in requirements
    assert "--no-index" in own
    assert not any(word in step for step in _of("build", "RUN") for word in ("curl", "wget", "apt-get", "git "))
    assert not _of("build", "ADD") + _of("run", "ADD")


def test_base_images_are_named_by_an_argument_so_that_they_can_be_held_still():
    defaults = dict(one.rest.split("=", 1) for one in STEPS if one.stage == "" and one.word == "ARG")
    assert [one.rest.partition(" AS ")[0] for one in STEPS if one.word == "FROM"] == [
        f"${{{name}}}" for name in defaults
    ]
    assert all(re.fullmatch(r"python:\d+\.\d+-[a-z-]+", image) for image in defaults.values())
    versions = {image.partition("-")[0] for image in defaults.values()}
    assert len(versions) == 1, "what was built for one Python does not run on another"


def test_the_python_of_the_image_is_one_that_is_supported():
    minor = int(re.search(r"python:3\.(\d+)", DOCKERFILE.read_text())[1])
    lowest = int(re.search(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text())[1])
    assert minor >= lowest


def test_times_do_not_make_two_builds_differ():
    assert any("SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH}" in line for line in _of("build", "ENV"))
    assert any(step.endswith("--invalidation-mode unchecked-hash /opt/pynomaly/lib") for step in _of("build", "RUN"))


def test_it_serves_unless_told_otherwise_and_says_whether_it_is_well():
    (entry,), (command,), (check,) = (_of("run", word) for word in ("ENTRYPOINT", "CMD", "HEALTHCHECK"))
    assert json.loads(entry) == ["pynomaly"]
    assert json.loads(command)[0] in COMMANDS
    assert "http://127.0.0.1:8000/api/v1/health/live" in json.loads(check.partition(" CMD ")[2])[2]
    assert _of("run", "EXPOSE") == ["8000"]


def test_its_settings_are_ones_that_there_are():
    (environment,) = _of("run", "ENV")
    named = re.findall(r"PYNOMALY_(\w+)=", environment)
    assert [name for name in named if name.lower() not in NAMES] == []
    assert "PYNOMALY_HOME=/data" in environment


def test_only_what_is_copied_reaches_the_builder():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert next(line for line in lines if line and not line.startswith("#")) == "*"
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {word for copy in _of("build", "COPY") for word in copy.split()[:-1]}
    assert let_in == copied
    assert all((ROOT / name).exists() for name in copied)
