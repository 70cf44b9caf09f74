"""The fields of a connection as a form: what is shown of them, and what was entered. Secrets go in and never out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pynomaly.domain.connection import ConnectionKind, Field, FieldType, Value
from pynomaly.domain.filled_fields import Connection
from pynomaly.presentation.web.forms import Fields

PREFIX, FORGET = "field.", "forget."
MOST = 65_536
_WHOLE = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A field as the form shows it. text: what stands in it, never a secret.  is_kept: a secret that lies sealed."""

    field: Field
    text: str
    is_kept: bool

    @property
    def name(self) -> str:
        """What the form calls it."""
        return PREFIX + self.field.name

    @property
    def label(self) -> str:
        """What people read above it."""
        return self.field.name.replace("_", " ").capitalize()

    @property
    def is_set(self) -> bool:
        """Whether a box is ticked."""
        return self.text == "true"


@dataclass(frozen=True, slots=True)
class Given:
    """What was entered, by field; None empties one."""

    settings: Mapping[str, Value | None]
    secrets: Mapping[str, str | None]


def entries(kind: ConnectionKind, before: Connection | None = None, form: Fields | None = None) -> Sequence[Entry]:
    """Return the fields of a form: as they were entered if it is shown again, else as they are stored, else empty."""
    return [_entry(field, before, form) for field in kind.fields]


def given(kind: ConnectionKind, form: Fields, before: Connection | None = None) -> Given:
    """Return what was entered and differs from what is stored. Raises InvalidRequest."""
    settings = {field.name: _setting(field, form) for field in kind.fields if not field.is_secret}
    known = {} if before is None else before.settings
    secrets = dict(_secret(field, form) for field in kind.fields if field.is_secret and _is_given(field, form))
    return Given({name: value for name, value in settings.items() if value != known.get(name)}, secrets)


def _entry(field: Field, before: Connection | None, form: Fields | None) -> Entry:
    is_kept = before is not None and field.name in before.secret_names
    if field.is_secret:
        return Entry(field, "", is_kept)
    if form is not None:
        text = form.entered(PREFIX + field.name)
        return Entry(field, text if field.type is not FieldType.FLAG else _as_text(bool(text)), is_kept)
    held = field.default if before is None else before.settings.get(field.name)
    return Entry(field, "" if held is None else _as_text(held), is_kept)


def _as_text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _setting(field: Field, form: Fields) -> Value | None:
    name = PREFIX + field.name
    if field.type is FieldType.FLAG:
        return form.is_set(name)
    text = form.text(name, most=MOST)
    if field.type is FieldType.NUMBER and _WHOLE.fullmatch(text):
        return int(text)
    return text or None


def _is_given(field: Field, form: Fields) -> bool:
    return bool(form.raw(PREFIX + field.name, most=MOST)) or form.is_set(FORGET + field.name)


def _secret(field: Field, form: Fields) -> tuple[str, str | None]:
    text = form.raw(PREFIX + field.name, most=MOST)  # spaces may belong to it
    return field.name, text or None
