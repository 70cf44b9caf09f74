"""The page of settings: what can be set, where, and which place wins."""

from collections.abc import Iterator

from pynomaly.infrastructure.settings import ENVIRONMENT_ONLY, PROJECT_FILE, SECRET_NAMES, TABLE, Row

DEFAULT_IN_WORDS = {"home": "the platform's folder for a user's data"}
PLACES = f"""
The first of these that names a setting wins:

1. the environment variable;
2. `{PROJECT_FILE}` in the working folder;
3. `[tool.pynomaly]` of `pyproject.toml` in the working folder;
4. `config.toml` in the platform's folder for a user's settings of `pynomaly`;
5. the default.

A file names settings as the table above does:

```toml
home = "~/screening"
threads = 4
```

`pynomaly config show --origin` says for each which value is in force and where it came from. A setting that does not
exist, or a value that cannot be, ends with exit code 5 and the name of its source.

## Only in the environment

| variable | |
|---|---|"""


def settings_page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield from ("# Settings", "", "| setting | variable | default | |", "|---|---|---|---|")
    yield from (_row(name, row) for name, row in TABLE.items())
    yield from PLACES.splitlines()
    yield from (f"| `{variable}` | {words} |" for variable, words in ENVIRONMENT_ONLY.items())


def _row(name: str, row: Row) -> str:
    default = DEFAULT_IN_WORDS.get(name) or (f"`{row.default}`" if row.default else "none")
    hidden = ". Never shown" if name in SECRET_NAMES else ""
    return f"| `{name}` | `PYNOMALY_{name.upper()}` | {default} | {row.words}{hidden} |"
