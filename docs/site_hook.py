"""What makes a site of the pages: the changelog beside them, places for what nobody listed, names over files."""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

_NAMED_BLOCK = re.compile(r"^```(\w+) ([\w.-]+)$", re.MULTILINE)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put in the navigation, for each name that ends in /*, the pages of that folder which have no place yet."""
    docs = Path(config.docs_dir)
    pages = sorted(page.relative_to(docs).as_posix() for page in docs.rglob("*.md"))
    listed = set(_leaves(config.nav))
    config.nav = _opened(config.nav, [page for page in pages if page not in listed])
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the changelog, which lies beside the sources."""
    text = (Path(config.docs_dir).parent / "CHANGELOG.md").read_text(encoding="utf-8")
    files.append(File.generated(config, "changelog.md", content=text))
    return files


def on_page_markdown(markdown: str, **_about: Any) -> str:
    """Show the name of a block that is a file above it."""
    return _NAMED_BLOCK.sub(r'```\1 title="\2"', markdown)


def _leaves(entries: Any) -> Iterator[str]:
    if isinstance(entries, str):
        yield entries
    else:
        for entry in entries.values() if isinstance(entries, dict) else entries:
            yield from _leaves(entry)


def _opened(entries: Any, pages: list[str]) -> list[Any]:
    opened: list[Any] = []
    for entry in entries:
        if isinstance(entry, dict):
            opened.append(
                {title: _opened(part, pages) if isinstance(part, list) else part for title, part in entry.items()}
            )
        elif entry.endswith("/*"):
            opened += [page for page in pages if entry == f"{PurePosixPath(page).parent}/*"]
        else:
            opened.append(entry)
    return opened
