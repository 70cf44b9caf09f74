"""What a person may choose on any door of the house, turned into the domain's words in one place."""

from collections.abc import Iterable
from numbers import Integral, Real

from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.decision import (
    AlarmBudget,
    ContaminationRate,
    DecisionPolicy,
    ExpectedContamination,
    FalseDiscoveryControl,
    ProbabilityThreshold,
    ScoreThreshold,
    StandsOut,
)
from pynomaly.domain.errors import InvalidRequest


def policy_for(
    *,
    contamination: float | None = None,
    budget: int | str | None = None,
    false_alarms: float | None = None,
    threshold: float | None = None,
    score_threshold: float | None = None,
) -> DecisionPolicy:
    """Return the policy that one of the choices means, `StandsOut` if none is made.

    budget: rows (20, "20") or a share of the batch ("1%").  threshold: a probability.
    Raises InvalidRequest for more than one choice or a value outside its range.

    >>> policy_for(budget="0.5%")
    AlarmBudget(rows=None, share=0.005)
    """
    chosen: list[DecisionPolicy] = []
    if contamination is not None:
        chosen.append(ExpectedContamination(ContaminationRate(_number("contamination", contamination))))
    if budget is not None:
        chosen.append(_budget(str(budget)))
    if false_alarms is not None:
        chosen.append(FalseDiscoveryControl(_number("false alarms", false_alarms)))
    if threshold is not None:
        chosen.append(ProbabilityThreshold(_number("threshold", threshold)))
    if score_threshold is not None:
        chosen.append(ScoreThreshold(_number("score threshold", score_threshold)))
    if len(chosen) > 1:
        raise InvalidRequest(
            "choose one of contamination, budget, false alarms, threshold and score threshold: each decides alone"
        )
    return chosen[0] if chosen else StandsOut()


def line_for(
    *, budget: int | str | None = None, score_threshold: float | None = None
) -> AlarmBudget | ScoreThreshold | None:
    """Return the line that one of two choices means, None if none is made. Raises as `policy_for` does.

    >>> line_for(budget=20), line_for()
    (AlarmBudget(rows=20, share=None), None)
    """
    policy = policy_for(budget=budget, score_threshold=score_threshold)
    return policy if isinstance(policy, AlarmBudget | ScoreThreshold) else None


def seed_for(seed: object) -> int:
    """Return a seed as the generators take it. Raises InvalidRequest.

    >>> seed_for(7)
    7
    """
    if not isinstance(seed, Integral) or seed < 0:
        raise InvalidRequest(f"a seed is a whole number from 0, not {seed!r}; the same seed gives the same result")
    return int(seed)


def _number(name: str, value: object) -> float:
    if not isinstance(value, Real):
        raise InvalidRequest(f"{name} is a number such as 0.01, not {value!r}; leave it out if you do not know it")
    return float(value)


def _budget(text: str) -> AlarmBudget:
    try:
        if text.strip().endswith("%"):
            return AlarmBudget(share=float(text.strip()[:-1]) / 100)
        return AlarmBudget(rows=int(text))
    except ValueError:
        raise InvalidRequest(f"a budget is a number of rows (20) or a share (1%), not {text!r}") from None


def roles_for(
    *,
    identifier: str | None = None,
    time: str | None = None,
    ignore: Iterable[str] = (),
    features: Iterable[str] = (),
    label: str | None = None,
) -> dict[str, ColumnRole]:
    """Return the role of every column a person named. Raises InvalidRequest if one is named twice.

    ignore, features: names, or one name.
    """
    named = [(identifier, ColumnRole.IDENTIFIER), (time, ColumnRole.TIME), (label, ColumnRole.LABEL)]
    named += [(name, ColumnRole.IGNORED) for name in _names(ignore)]
    named += [(name, ColumnRole.FEATURE) for name in _names(features)]
    roles: dict[str, ColumnRole] = {}
    for name, role in named:
        if name is None:
            continue
        if roles.get(name, role) is not role:
            raise InvalidRequest(f"column '{name}' cannot be {roles[name].value} and {role.value} at once")
        roles[name] = role
    return roles


def _names(given: Iterable[str]) -> Iterable[str]:
    return [given] if isinstance(given, str) else given
