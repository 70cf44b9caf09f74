"""What to know about a dataset: a paragraph per finding for people, records for programs."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.cli.streams import width
from pynomaly.presentation.words.cell_text import harmless, shown

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.quality import QualityFinding

MAX_SENTENCE = 400
INDENT = "  "


def quality_as_text(findings: "Sequence[QualityFinding]") -> str:
    """Return findings as paragraphs, an empty text where there are none."""
    return "\n".join(f"{_paragraph(finding)}\n" for finding in findings)


def quality_as_json(finding: "QualityFinding") -> "dict[str, JsonValue]":
    """Return a finding as data."""
    return {
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "column": json_value(finding.column),
        "sentence": json_value(finding.sentence),
        "effect": json_value(finding.effect),
        "advice": json_value(finding.advice),
    }


def quality_as_row(finding: "QualityFinding") -> list[str]:
    """Return severity, column, what was found, what it does, what to do."""
    told = (finding.sentence, finding.effect, finding.advice)
    column = "" if finding.column is None else shown(finding.column)
    return [finding.severity.value, column, *(shown(text, max_characters=MAX_SENTENCE) for text in told)]


def _paragraph(finding: "QualityFinding") -> str:
    text = " ".join(
        part for part in (f"{finding.severity}: {finding.sentence}", finding.effect, finding.advice) if part
    )
    return "\n".join(textwrap.wrap(harmless(text), width(), subsequent_indent=INDENT, break_on_hyphens=False))
