"""What figures of a page are drawn from, as their scripts find it."""

import html
import json
import re
from typing import Any

FIGURE = re.compile(r'<figure class="chart" data-chart="(\w+)">(.*?)</figure>', re.S)
DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.S)
ROWS = re.compile(r"<tbody>(.*?)</tbody>", re.S)


def figures(page: str) -> list[tuple[str, Any, int]]:
    """Return each figure's kind, its numbers, and how many rows its table has."""
    found = []
    for kind, inside in FIGURE.findall(page):
        body = ROWS.search(inside)
        data = DATA.search(inside)
        assert body is not None, kind
        assert data is not None, kind
        found.append((kind, json.loads(data[1]), body[1].count("<tr")))
    return found


def words(page: str) -> str:
    """Return what a reader reads, without what only scripts do."""
    text = re.sub(r"<script.*?</script>", " ", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
