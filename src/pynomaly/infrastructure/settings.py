"""What a user may set from outside, where each value came from, and nothing else."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_config_path, user_data_path

from pynomaly.domain.errors import InvalidRequest, did_you_mean

PROJECT_FILE = "pynomaly.toml"
NAMES = ("home", "threads")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force.

    home: the workspace folder.  threads: most threads one computation may use.
    origins: where each value came from, for `config show --origin`.
    """

    home: Path
    threads: int
    origins: Mapping[str, str]


def load_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """Read settings: environment over project file over `[tool.pynomaly]` over user file over default.

    Raises InvalidRequest naming the file and the key that is wrong.
    """
    values: dict[str, str] = {"home": str(user_data_path("pynomaly")), "threads": str(os.cpu_count() or 1)}
    origins = dict.fromkeys(values, "default")
    for origin, found in _sources(environment, folder):
        for name, value in found.items():
            if name not in NAMES:
                raise InvalidRequest(f"{origin}: there is no setting '{name}'{did_you_mean(name, NAMES)}")
            values[name], origins[name] = value, origin
    return Settings(Path(values["home"]).expanduser(), _threads(values["threads"], origins["threads"]), origins)


def _sources(environment: Mapping[str, str], folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    user_file = user_config_path("pynomaly") / "config.toml"
    yield str(user_file), _table(user_file)
    yield "pyproject.toml [tool.pynomaly]", _table(folder / "pyproject.toml", "tool", "pynomaly")
    yield PROJECT_FILE, _table(folder / PROJECT_FILE)
    for name in NAMES:
        variable = f"PYNOMALY_{name.upper()}"
        if environment.get(variable):
            yield variable, {name: environment[variable]}


def _table(path: Path, *keys: str) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidRequest(f"{path} cannot be read as settings: {error}") from error
    for key in keys:
        content = content.get(key, {})
    return {name: str(value) for name, value in content.items()}


def _threads(value: str, origin: str) -> int:
    if not value.isdigit() or not 1 <= int(value) <= 1024:
        raise InvalidRequest(f"{origin}: threads must be a whole number from 1 to 1024, not {value!r}")
    return int(value)
