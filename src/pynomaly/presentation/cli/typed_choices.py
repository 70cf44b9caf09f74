"""What is typed as NAME=VALUE: parameters of an algorithm, kinds of columns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import ParameterValue
    from pynomaly.domain.columns import ColumnKind
    from pynomaly.domain.connection import Field, FieldType, Value

WORDS: "dict[str, ParameterValue]" = {"true": True, "yes": True, "false": False, "no": False, "none": None}


def parameters_from(settings: Sequence[str] | None) -> "dict[str, ParameterValue]":
    """Return parameters by name; the algorithm checks types and ranges. Raises InvalidRequest.

    >>> parameters_from(["n_trees=200", "extended=true", "max_features=0.5", "metric=euclidean"])
    {'n_trees': 200, 'extended': True, 'max_features': 0.5, 'metric': 'euclidean'}
    """
    from pynomaly.domain.errors import InvalidRequest

    parameters: dict[str, ParameterValue] = {}
    for setting in settings or ():
        name, equals, text = setting.partition("=")
        if not (name and equals):
            raise InvalidRequest(f"--param takes NAME=VALUE, like --param n_trees=200, not {setting!r}")
        if name in parameters:
            raise InvalidRequest(f"--param {name} was given twice; give it once")
        parameters[name] = _value(text)
    return parameters


def kinds_from(choices: Sequence[str] | None) -> "dict[str, ColumnKind]":
    """Return the kind of every column given as NAME=KIND. Raises InvalidRequest."""
    from pynomaly.domain.columns import ColumnKind
    from pynomaly.domain.errors import InvalidRequest, did_you_mean

    kinds: dict[str, ColumnKind] = {}
    known = [kind.value for kind in ColumnKind]
    for choice in choices or ():
        name, _, kind = choice.rpartition("=")
        if not name:
            raise InvalidRequest(f"--kind takes COLUMN=KIND, like --kind zip=category, not {choice!r}")
        if kind not in known:
            hint = did_you_mean(kind, known)
            raise InvalidRequest(f"there is no kind '{kind}'{hint} (there are: {', '.join(known)})")
        kinds[name] = ColumnKind(kind)
    return kinds


def fields_from(choices: Sequence[str] | None, fields: "Sequence[Field]", option: str) -> "dict[str, Value]":
    """Return what was filled in as NAME=VALUE, as the fields of those names hold it. Raises InvalidRequest."""
    from pynomaly.domain.errors import InvalidRequest

    types = {field.name: field.type for field in fields}
    values: dict[str, Value] = {}
    for choice in choices or ():
        name, equals, text = choice.partition("=")
        if not (name and equals):
            raise InvalidRequest(f"{option} takes NAME=VALUE, not {choice!r}")
        if name in values:
            raise InvalidRequest(f"{option} {name} was given twice; give it once")
        values[name] = _filled(text, types.get(name))
    return values


def _filled(text: str, kind: "FieldType | None") -> "Value":
    """Return a value of the kind; what does not fit stays text, and is refused with what would."""
    if kind == "number" and text.lstrip("-").isdecimal():
        return int(text)
    known = WORDS.get(text.lower())
    return known if kind == "flag" and isinstance(known, bool) else text


def _value(text: str) -> "ParameterValue":
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text
