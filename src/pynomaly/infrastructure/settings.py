"""What a user may set from outside, where each value came from, and nothing else."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_config_path, user_data_path

from pynomaly.domain.errors import InvalidRequest, did_you_mean

PROJECT_FILE = "pynomaly.toml"
NAMES = ("home", "threads")
AUTOMATIC = "auto"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force.

    home: the workspace folder.  threads: how many Arrow and numpy's linear algebra may use, None to let them choose.
    origins: where each value came from, for `config show --origin`.
    """

    home: Path
    threads: int | None
    origins: Mapping[str, str]

    def in_words(self, name: str) -> str:
        """Return a setting's value as it would be written in a file."""
        return AUTOMATIC if getattr(self, name) is None else str(getattr(self, name))


def load_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """Read settings: environment over project file over `[tool.pynomaly]` over user file over default.

    Raises InvalidRequest naming the file and the key that is wrong.
    """
    values: dict[str, str] = {"home": str(user_data_path("pynomaly")), "threads": AUTOMATIC}
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
        if not isinstance(content, dict):
            raise InvalidRequest(f"{path}: [{'.'.join(keys)}] should be a table of settings, not {content!r}")
    return {name: str(value) for name, value in content.items()}


def _threads(value: str, origin: str) -> int | None:
    if value == AUTOMATIC:
        return None
    if not value.isdecimal() or not 1 <= int(value) <= 1024:
        raise InvalidRequest(f"{origin}: threads must be auto or a whole number from 1 to 1024, not {value!r}")
    return int(value)
