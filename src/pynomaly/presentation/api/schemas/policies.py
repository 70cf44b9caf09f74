"""Decision policies: which rows are called anomalies."""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from pynomaly.application.written_policies import policy_from_json, policy_to_json
from pynomaly.domain.decision import DecisionPolicy, StandsOut
from pynomaly.presentation.api.body import Body
from pynomaly.presentation.api.schemas.pages import Answer
from pynomaly.presentation.http.bounds import Contamination, Number, RowCount, Share


class StandsOutPolicy(Body):
    """Rows far above the bulk of the training scores; possibly none."""

    kind: Literal["stands_out"]


class ContaminationPolicy(Body):
    """Rows that score above all but this share of the training rows."""

    kind: Literal["expected_contamination"]
    rate: Contamination


class ProbabilityPolicy(Body):
    """Rows whose probability reaches this; for detectors trained with labels."""

    kind: Literal["probability_threshold"]
    probability: Share


class BudgetRowsPolicy(Body):
    """At most so many rows, the strangest."""

    kind: Literal["alarm_budget"]
    rows: RowCount | None = None
    share: Share | None = None


class FalseDiscoveryPolicy(Body):
    """As many rows as possible while on average at most this share of them is false."""

    kind: Literal["false_discovery_control"]
    rate: Share


class ScoreThresholdPolicy(Body):
    """Rows that score at least this."""

    kind: Literal["score_threshold"]
    score: Number


Policy: TypeAlias = Annotated[
    StandsOutPolicy
    | ContaminationPolicy
    | ProbabilityPolicy
    | BudgetRowsPolicy
    | FalseDiscoveryPolicy
    | ScoreThresholdPolicy,
    Field(discriminator="kind"),
]


def policy_of(written: Policy | None) -> DecisionPolicy:
    """Return the policy a body means, the default for none. Raises InvalidRequest."""
    return StandsOut() if written is None else policy_from_json(written.model_dump(exclude_none=True))


class PolicyAnswer(Answer):
    """A policy as it was applied; the parameters that its kind does not have are left out."""

    kind: Literal[
        "stands_out",
        "expected_contamination",
        "probability_threshold",
        "alarm_budget",
        "false_discovery_control",
        "score_threshold",
    ]
    rate: float | None = None
    probability: float | None = None
    rows: int | None = None
    share: float | None = None
    score: float | None = None

    @staticmethod
    def of(policy: DecisionPolicy) -> "PolicyAnswer":
        """Write a policy."""
        fields: dict[str, Any] = policy_to_json(policy)
        return PolicyAnswer(**fields)
