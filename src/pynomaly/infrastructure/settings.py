"""What a user may set from outside, where each value came from, and nothing else."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from platformdirs import user_config_path, user_data_path

from pynomaly.domain.errors import InvalidRequest, did_you_mean

PROJECT_FILE = "pynomaly.toml"
AUTOMATIC = "auto"
HIDDEN = "(hidden)"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force.

    home: the workspace folder.  threads: how many Arrow and numpy's linear algebra may use, None to let them choose.
    database_url: a PostgreSQL address, None for a file in `home`.  secret_key: signs tokens, None for one in a file of
    `home`.  allowed_hosts: names the server answers to.  trusted_proxies: addresses whose X-Forwarded-For is believed.
    redis_url: a Redis server that API servers share as a cache, None for none.
    master_keys: seal stored secrets, the first from now on; none for one in a file of `home`.  outbound_allow: networks
    inside that channels and sources may lead to.  job_memory_mb, job_seconds: what a job's process may use.
    requests_per_minute: of one principal or address.  log_format: of the lines that servers and workers write.
    metrics_host, metrics_port: where each shows its metrics; port 0 for nowhere.
    origins: where each value came from, for `config show --origin`.
    """

    home: Path
    threads: int | None
    origins: Mapping[str, str]
    database_url: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    trusted_proxies: tuple[str, ...] = ()
    master_keys: tuple[str, ...] = field(default=(), repr=False)
    outbound_allow: tuple[str, ...] = ()
    redis_url: str | None = field(default=None, repr=False)
    job_memory_mb: int = 8192
    job_seconds: int = 6 * 3600
    requests_per_minute: int = 6000
    log_format: Literal["text", "json"] = "text"
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0

    def in_words(self, name: str) -> str:
        """Return a setting's value as it would be written in a file; a secret only as being there."""
        value = getattr(self, name)
        if name in SECRET_NAMES:
            return HIDDEN if value else ""
        if isinstance(value, tuple):
            return ",".join(value)
        return AUTOMATIC if value is None else str(value)


def _threads(value: str, origin: str) -> int | None:
    return None if value == AUTOMATIC else _whole("threads", 1, 1024, or_auto=True)(value, origin)


def _whole(name: str, low: int, high: int, *, or_auto: bool = False) -> Callable[[str, str], int]:
    def read(value: str, origin: str) -> int:
        if not value.isdecimal() or not low <= int(value) <= high:
            choice = "auto or a whole number" if or_auto else "a whole number"
            raise InvalidRequest(f"{origin}: {name} must be {choice} from {low} to {high}, not {value!r}")
        return int(value)

    return read


def _names(value: str, _origin: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _one_of(name: str, *choices: str) -> Callable[[str, str], str]:
    def read(value: str, origin: str) -> str:
        if value not in choices:
            raise InvalidRequest(f"{origin}: {name} must be {' or '.join(choices)}, not {value!r}")
        return value

    return read


def _address(value: str, origin: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise InvalidRequest(f"{origin}: an IP address to listen on is needed, such as 127.0.0.1") from None


def _secret(value: str, _origin: str) -> str | None:
    return value or None


def _path(value: str, _origin: str) -> Path:
    return Path(value).expanduser()


_READERS: Mapping[str, tuple[str, Callable[[str, str], object]]] = {
    "home": ("", _path),
    "threads": (AUTOMATIC, _threads),
    "database_url": ("", _secret),
    "secret_key": ("", _secret),
    "allowed_hosts": ("localhost,127.0.0.1,[::1]", _names),
    "trusted_proxies": ("", _names),
    "master_keys": ("", _names),
    "outbound_allow": ("", _names),
    "redis_url": ("", _secret),
    "job_memory_mb": ("8192", _whole("job_memory_mb", 256, 1_048_576)),
    "job_seconds": ("21600", _whole("job_seconds", 10, 30 * 86_400)),
    "requests_per_minute": ("6000", _whole("requests_per_minute", 1, 100_000_000)),
    "log_format": ("text", _one_of("log_format", "text", "json")),
    "metrics_host": ("127.0.0.1", _address),
    "metrics_port": ("0", _whole("metrics_port", 0, 65_535)),
}
"""THE TABLE of settings: what holds where nothing is set, and how a value is read."""

NAMES = tuple(_READERS)
SECRET_NAMES = ("database_url", "secret_key", "master_keys", "redis_url")
"""Settings that are never shown."""


def load_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """Read settings: environment over project file over `[tool.pynomaly]` over user file over default.

    Raises InvalidRequest naming the file and the key that is wrong.
    """
    values = {name: default for name, (default, _) in _READERS.items()} | {"home": str(user_data_path("pynomaly"))}
    origins = dict.fromkeys(values, "default")
    for origin, found in _sources(environment, folder):
        for name, value in found.items():
            if name not in NAMES:
                raise InvalidRequest(f"{origin}: there is no setting '{name}'{did_you_mean(name, NAMES)}")
            values[name], origins[name] = value, origin
    read = {name: reader(values[name], origins[name]) for name, (_, reader) in _READERS.items()}
    return Settings(**read, origins=origins)  # type: ignore[arg-type]  # each reader returns its field's type


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
    return {name: _written(value) for name, value in content.items()}


def _written(value: object) -> str:
    return ",".join(str(part) for part in value) if isinstance(value, list) else str(value)
