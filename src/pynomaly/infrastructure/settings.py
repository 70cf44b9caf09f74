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
    inside that channels and sources may lead to.  sqlite_folder: where files lie that may be sources, None for nowhere.
    job_memory_mb, job_seconds: what a job's process may use.
    requests_per_minute: of one principal or address.  source_seconds, source_rows, source_mb: what reading a source may
    take.  log_format: of the lines that servers and workers write.  metrics_host, metrics_port: where each shows its
    metrics; port 0 for nowhere.
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
    sqlite_folder: Path | None = None
    redis_url: str | None = field(default=None, repr=False)
    job_memory_mb: int = 8192
    job_seconds: int = 6 * 3600
    requests_per_minute: int = 6000
    source_seconds: int = 3600
    source_rows: int = 10_000_000
    source_mb: int = 8192
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
        if value is None:
            return AUTOMATIC if name == "threads" else ""
        return str(value)


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


def _folder(value: str, origin: str) -> Path | None:
    return _path(value, origin) if value else None


@dataclass(frozen=True, slots=True)
class Row:
    """One setting. default: as it would be written, "" for none.  read: turns what is written into a value.

    words: what it is for, as docs/reference/settings.md says it.
    """

    default: str
    read: Callable[[str, str], object]
    words: str


TABLE: Mapping[str, Row] = {
    "home": Row("", _path, "where the workspace lies; `~` is understood"),
    "threads": Row(
        AUTOMATIC,
        _threads,
        "how many threads reading (Arrow), linear algebra (below numpy) and the scoring of long tables use, 1 to 1024; "
        "`auto` leaves it to those libraries, and scoring takes one for each core. It holds for the whole process",
    ),
    "database_url": Row(
        "",
        _secret,
        "a PostgreSQL database, `postgresql://user:password@host:5432/name`; without it an SQLite file in `home` is "
        "used. Servers and workers that share a database share `home` too: models, tables and scores are files there",
    ),
    "secret_key": Row(
        "",
        _secret,
        "signs access tokens; at least 32 bytes, hard to guess. Beside a database server it has to be set; else one is "
        "made at first use and kept in `secret.key` of `home`",
    ),
    "allowed_hosts": Row(
        "localhost,127.0.0.1,[::1]",
        _names,
        "names the server answers to, separated by commas; requests for any other are refused",
    ),
    "trusted_proxies": Row(
        "",
        _names,
        "addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, separated by commas",
    ),
    "master_keys": Row(
        "",
        _names,
        "seal stored secrets; 32 random bytes in base64 each, separated by commas: the first seals from now on, the "
        "others only open what they sealed before. Beside a database server one has to be set before the first secret "
        "is stored; else one is made at first use and kept in `master.key` of `home`. `pynomaly admin new-master-key` "
        "makes one",
    ),
    "outbound_allow": Row(
        "",
        _names,
        "networks inside that users may have the program connect to, as `10.1.0.0/16`, separated by commas; without "
        "it only the outside world",
    ),
    "sqlite_folder": Row(
        "", _folder, "the folder below which SQLite files may be read as [sources](sources.md); without it none may"
    ),
    "source_seconds": Row(
        "3600",
        _whole("source_seconds", 1, 30 * 86_400),
        "seconds that reading rows from a source may take, 1 to 2592000",
    ),
    "source_rows": Row(
        "10000000",
        _whole("source_rows", 1, 10**12),
        "rows that may be read from a source at once, 1 to 1000000000000; more are refused",
    ),
    "source_mb": Row(
        "8192",
        _whole("source_mb", 1, 1_048_576),
        "MiB that rows read from a source may take on disk, uncompressed, 1 to 1048576",
    ),
    "redis_url": Row(
        "",
        _secret,
        "a Redis server (6.2 or newer) that API servers share as a cache, `redis://:password@host:6379/0`; `rediss://` "
        "for TLS, `unix://` for a local socket. One database of it for each installation. Nothing is lost with it: "
        "what is not found there is read from the database and from disk. Needs the extra `redis`",
    ),
    "job_memory_mb": Row(
        "8192",
        _whole("job_memory_mb", 256, 1_048_576),
        "MiB of memory that the process of one job may take, 256 to 1048576",
    ),
    "job_seconds": Row("21600", _whole("job_seconds", 10, 30 * 86_400), "seconds that one job may take, 10 to 2592000"),
    "requests_per_minute": Row(
        "6000",
        _whole("requests_per_minute", 1, 100_000_000),
        "requests a minute that one principal may make of one server process, 1 to 100000000",
    ),
    "log_format": Row(
        "text", _one_of("log_format", "text", "json"), "of the lines that servers and workers write: `text` or `json`"
    ),
    "metrics_host": Row("127.0.0.1", _address, "the address at which servers and workers show their metrics"),
    "metrics_port": Row(
        "0", _whole("metrics_port", 0, 65_535), "the port at which they show them, 0 to 65535; 0 for nowhere"
    ),
}
"""THE TABLE of settings."""

NAMES = tuple(TABLE)
ENVIRONMENT_ONLY: Mapping[str, str] = {
    "PYNOMALY_FORMAT": "the format of results where `--format` is not given: `table`, `json`, `ndjson`, `csv` or "
    "`markdown`",
    "SSL_CERT_FILE": "a file of certificates of authorities, for connections to sources that verify; without it those "
    "that the system trusts",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "where traces go, by OTLP over HTTP; without it or the next there are none. Needs "
    "the extra `otel`",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "the same, for traces alone",
    "OTEL_SERVICE_NAME": "what the service is called in traces",
    "OTEL_TRACES_SAMPLER": "which share of traces is kept",
    "NO_COLOR": "no bold text",
    "FORCE_COLOR": "bold text also where the output is no terminal",
    "TERM": "`dumb` for no bold text and no line that is redrawn",
    "COLUMNS": "the width of tables",
    "DISPLAY": "a screen that `pynomaly start` may open a browser on",
    "WAYLAND_DISPLAY": "the same",
}
"""THE TABLE of variables that are no settings: what else is taken from the environment, and what it does."""

SECRET_NAMES = ("database_url", "secret_key", "master_keys", "redis_url")
"""Settings that are never shown."""


def load_settings(environment: Mapping[str, str], folder: Path) -> Settings:
    """Read settings: environment over project file over `[tool.pynomaly]` over user file over default.

    Raises InvalidRequest naming the file and the key that is wrong.
    """
    values = {name: row.default for name, row in TABLE.items()} | {"home": str(user_data_path("pynomaly"))}
    origins = dict.fromkeys(values, "default")
    for origin, found in _sources(environment, folder):
        for name, value in found.items():
            if name not in NAMES:
                raise InvalidRequest(f"{origin}: there is no setting '{name}'{did_you_mean(name, NAMES)}")
            values[name], origins[name] = value, origin
    read = {name: row.read(values[name], origins[name]) for name, row in TABLE.items()}
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
