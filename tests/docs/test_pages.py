"""The pages tell what the code does: generated ones are compared with it, guides and the README are followed."""

import re
from pathlib import Path
from typing import get_args

import pytest

from generate import REFERENCE, followed_pages, pages
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.decision import DecisionPolicy
from pynomaly.infrastructure.algorithms.plugins import PLUGIN_GROUP
from pynomaly.infrastructure.data.formats.plain_cells import MISSING_WORDS
from pynomaly.infrastructure.storage.model_store import ARRAYS, MANIFEST
from pynomaly.infrastructure.storage.scored_columns import RESERVED
from walkthrough import ROOT, PageError, followed

HINT = "the page and the code differ; run `make docs` and look at what changed"


def reference(name):
    return (REFERENCE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", pages())
def test_a_generated_page_says_what_the_code_says(name):
    assert reference(name) == pages()[name], HINT


@pytest.mark.parametrize("page", followed_pages(), ids=lambda page: page.name)
def test_following_a_page_gives_what_it_prints(page, tmp_path):
    text = page.read_text(encoding="utf-8")
    assert followed(text, tmp_path) == text, HINT


@pytest.mark.parametrize("block", ["```sh\nrm -r anything\n```", "```sh\npynomaly detect nothing.csv\n```"])
def test_a_command_that_is_unknown_or_fails_is_an_error_of_the_page(block, tmp_path):
    with pytest.raises(PageError):
        followed(block, tmp_path)


def test_output_that_changed_is_noticed(tmp_path):
    page = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    assert followed(page, tmp_path) == page.replace("3", "2")


def test_the_detector_of_the_guide_is_the_one_that_passes_the_conformance_kit():
    guide = (ROOT / "docs/guides/your-own-detector.md").read_text(encoding="utf-8")
    example = Path(__file__).with_name("median_distance.py").read_text(encoding="utf-8")
    assert f"```python median_distance.py\n{example}```\n" in guide
    assert f"`{PLUGIN_GROUP}`" in guide


def test_every_kind_role_and_missing_word_is_described():
    page = reference("columns.md")
    assert [f"| `{kind}` |" for kind in ColumnKind if f"| `{kind}` |" not in page] == []
    assert [f"| `{role}` |" for role in ColumnRole if f"| `{role}` |" not in page] == []
    told = set(re.findall(r"`([^`\n]+)`", page.partition("is missing:")[2].partition("So are")[0]))
    assert told == MISSING_WORDS - {""}


def test_every_policy_is_described():
    from pynomaly.domain import decision
    from pynomaly.presentation.cli.views.findings_json import policy_as_json

    examples = (
        decision.StandsOut(),
        decision.ExpectedContamination(decision.ContaminationRate(0.1)),
        decision.ProbabilityThreshold(0.5),
        decision.AlarmBudget(rows=1),
        decision.FalseDiscoveryControl(0.1),
        decision.ScoreThreshold(0.62),
    )
    assert {type(policy) for policy in examples} == set(get_args(DecisionPolicy))
    page = reference("decisions.md")
    assert all(f"`{policy_as_json(policy, None)['policy']}`" in page for policy in examples)


def test_every_column_of_a_result_and_every_file_of_a_model_is_described():
    page = reference("files.md")
    assert all(f"| `{name}` |" in page for name in RESERVED)
    assert all(f"`{name}`" in page for name in (MANIFEST, ARRAYS))


def test_every_link_between_pages_leads_somewhere():
    lost = [
        f"{page.name}: {target}"
        for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert lost == []
