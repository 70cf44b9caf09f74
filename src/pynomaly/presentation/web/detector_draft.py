"""A detector that is being written, as fields of a form or as one document: both say the same."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from pynomaly.domain.algorithm import AlgorithmDescription, JsonValue, Parameter, ParameterValue
from pynomaly.domain.errors import InvalidParameter, InvalidRequest, did_you_mean
from pynomaly.presentation.web.texts import _

PREFIX = "p."
"""What stands before the names of parameters in forms and addresses."""
DOCUMENT = "document"
"""Where faults stand that belong to no field."""
MOST_CHARACTERS = 20_000
_FIELDS = ("name", "algorithm", "parameters")


@dataclass(frozen=True, slots=True)
class Draft:
    """What was entered, as texts; an empty parameter means its default."""

    name: str
    algorithm: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a draft's parameters mean. faults: by the parameter's name, or `DOCUMENT`."""

    values: Mapping[str, ParameterValue]
    faults: Mapping[str, str]


def draft_of_texts(texts: Mapping[str, str]) -> Draft:
    """Return the draft that fields of a form, or an address, hold."""
    parameters = {name.removeprefix(PREFIX): text for name, text in texts.items() if name.startswith(PREFIX)}
    return Draft(texts.get("name", ""), texts.get("algorithm", ""), parameters)


def texts_of(draft: Draft) -> dict[str, str]:
    """Return a draft as fields of a form."""
    given = {f"{PREFIX}{name}": text for name, text in draft.parameters.items() if text}
    return {"name": draft.name, "algorithm": draft.algorithm} | given


def checked(draft: Draft, description: AlgorithmDescription) -> Checked:
    """Return the values of a draft's parameters, and what is wrong with those that have none."""
    values: dict[str, ParameterValue] = {}
    faults: dict[str, str] = {}
    known = {parameter.name: parameter for parameter in description.parameters}
    for name, text in draft.parameters.items():
        if name not in known:
            hint = did_you_mean(name, known)
            fault = _("%(algorithm)s has no parameter '%(name)s'%(hint)s")
            faults[DOCUMENT] = fault % {"algorithm": description.name, "name": name[:40], "hint": hint}
        elif text:
            try:
                values[name] = known[name].check(_typed(known[name], text))
            except InvalidParameter as error:
                faults[name] = str(error)
    return Checked(values, faults)


def as_document(draft: Draft, description: AlgorithmDescription) -> str:
    """Return a draft as a document, every parameter in it; what makes no sense stands there as it was entered."""
    values = checked(draft, description).values
    parameters: dict[str, ParameterValue] = {
        one.name: values.get(one.name, draft.parameters.get(one.name) or one.default) for one in description.parameters
    }
    parameters |= {name: text for name, text in draft.parameters.items() if name not in parameters}
    document = {"name": draft.name, "algorithm": draft.algorithm, "parameters": parameters}
    return json.dumps(document, indent=2, ensure_ascii=False)


def draft_of_document(text: str) -> Draft:
    """Return the draft that a document describes. Raises InvalidRequest saying where it goes wrong."""
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno, "what": error.msg}
        raise InvalidRequest(
            _("the document is no JSON: line %(line)d, column %(column)d: %(what)s") % where
        ) from error
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(_("the document holds a number or nesting that no detector has")) from error
    if not isinstance(document, dict) or set(document) - set(_FIELDS):
        raise InvalidRequest(_("the document has three fields: name, algorithm and parameters"))
    parameters = document.get("parameters", {})
    if not isinstance(parameters, dict):
        raise InvalidRequest(_("'parameters' is an object of names and values"))
    names = {name: document.get(name, "") for name in ("name", "algorithm")}
    if not all(isinstance(value, str) for value in names.values()):
        raise InvalidRequest(_("'name' and 'algorithm' are texts"))
    return Draft(names["name"], names["algorithm"], {str(name): _text(one) for name, one in parameters.items()})


def _typed(parameter: Parameter, text: str) -> ParameterValue:
    if parameter.kind == "bool":
        return {"true": True, "false": False}.get(text, text)
    if parameter.kind == "choice":
        return text
    for read in (int, float):
        try:
            return read(text.replace(",", "") if read is int else text)
        except ValueError:
            continue
    return text


def _text(value: JsonValue) -> str:
    """Return a value of a document as a field of a form holds it. Raises InvalidRequest."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise InvalidRequest(_("a parameter is a number, a text, true, false or null"))


def _refuse_constant(word: str) -> float:
    raise ValueError(word)
