"""What the studio does, as code."""

from dataclasses import dataclass

from starlette.requests import Request

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.decision import AlarmBudget, ScoreThreshold
from pynomaly.domain.detection import Detection
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.texts import _


@dataclass(frozen=True, slots=True)
class _Words:
    """A line as each door is told of it."""

    query: str
    options: tuple[str, str]
    body: dict[str, JsonValue]
    python: str

    @property
    def imported(self) -> str:
        return f"from pynomaly.domain.decision import {self.python.partition('(')[0]}"


def forms_of(request: Request, detection: Detection, policy: AlarmBudget | ScoreThreshold) -> list[CodeForm]:
    """Return how the scores are outlined, a line previewed and decided by, without a page."""
    here, words = f"/detections/{detection.id}", _words(policy)
    return [
        code_form(
            request,
            _("Outline the scores"),
            ApiCall("GET", f"{here}/outline"),
            ["detection", "outline", detection.id],
            f'detection, outlined = workspace.queries.score_outline("{detection.id}")',
        ),
        code_form(
            request,
            _("See what this line would change"),
            ApiCall("GET", f"{here}/changes?{words.query}"),
            ["detection", "changes", detection.id, *words.options],
            f'{words.imported}\nchange = workspace.queries.changed_rows("{detection.id}", {words.python})',
        ),
        code_form(
            request,
            _("Flag the rows past it"),
            ApiCall("POST", f"{here}/decide", {"policy": words.body}),
            ["detection", "decide", detection.id, *words.options],
            f'{words.imported}\nworkspace.decide_detection(detection="{detection.id}", policy={words.python})',
        ),
    ]


def _words(policy: AlarmBudget | ScoreThreshold) -> _Words:
    if isinstance(policy, AlarmBudget):
        rows = str(policy.rows)
        body: dict[str, JsonValue] = {"kind": "alarm_budget", "rows": policy.rows}
        return _Words(f"budget={rows}", ("--budget", rows), body, f"AlarmBudget(rows={rows})")
    score = repr(policy.score)
    body = {"kind": "score_threshold", "score": policy.score}
    return _Words(f"score_threshold={score}", ("--score-threshold", score), body, f"ScoreThreshold({score})")
