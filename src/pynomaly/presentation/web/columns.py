"""What pages say of columns, and how a form says what they are used for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.errors import InvalidRequest
from pynomaly.presentation.web.forms import Fields
from pynomaly.presentation.web.texts import _


def kind_word(kind: ColumnKind) -> str:
    """Return what the values of a column are, in a word or two."""
    return {
        ColumnKind.NUMBER: _("number"),
        ColumnKind.NUMBER_TEXT: _("number written as text"),
        ColumnKind.CATEGORY: _("category"),
        ColumnKind.BOOLEAN: _("yes or no"),
        ColumnKind.TIME: _("time"),
        ColumnKind.TEXT: _("text"),
        ColumnKind.IDENTIFIER: _("identifier"),
        ColumnKind.CONSTANT: _("one value throughout"),
        ColumnKind.NESTED: _("lists or structures"),
    }[kind]


def role_word(role: ColumnRole) -> str:
    """Return what a column is used for."""
    return {
        ColumnRole.FEATURE: _("learned from"),
        ColumnRole.IDENTIFIER: _("names rows"),
        ColumnRole.TIME: _("the time of a row"),
        ColumnRole.LABEL: _("label (known answers)"),
        ColumnRole.IGNORED: _("left out"),
    }[role]


def field_of(place: int) -> str:
    """Return the name of the form's field for a column: names of columns may be anything."""
    return f"role-{place}"


def roles_in(form: Fields, columns: Sequence[Column]) -> Mapping[str, ColumnRole]:
    """Return the roles that a form gives to columns and that they do not have already. Raises InvalidRequest."""
    chosen = {}
    for place, column in enumerate(columns):
        given = form.text(field_of(place))
        if given and given not in list(ColumnRole):
            raise InvalidRequest(f"a column is used as one of {', '.join(ColumnRole)}, not '{given[:40]}'")
        if given and given != column.role:
            chosen[column.name] = ColumnRole(given)
    return chosen


def with_roles(columns: Sequence[Column], roles: Mapping[str, ColumnRole]) -> Sequence[Column]:
    """Return columns as a form has them, while it is not stored."""
    return [replace(column, role=roles.get(column.name, column.role)) for column in columns]
