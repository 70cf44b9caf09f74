"""The OpenAPI document as a fuzzer can take it."""

import copy
from typing import Any

OUT_OF_REACH = 10**9


def within_reach(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with one limit taken off: that on the rows of `/scores`.

    Coverage would build ten thousand rows of ten thousand cells of ten thousand characters to send one row too many.
    `test_score_bodies` sends that many rows, small ones.
    """
    reachable = copy.deepcopy(document)
    for form in ("ListedRows", "NamedRows"):
        reachable["components"]["schemas"][form]["properties"]["rows"]["maxItems"] = OUT_OF_REACH
    return reachable
