import pytest

from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.errors import InvalidRequest
from pynomaly.presentation.web.columns import field_of, kind_word, role_word, roles_in, with_roles
from pynomaly.presentation.web.forms import Fields

COLUMNS = (Column("a,b", ColumnKind.NUMBER), Column("", ColumnKind.TEXT), Column("x", ColumnKind.TIME, ColumnRole.TIME))


def test_a_form_gives_columns_roles_by_their_places():
    form = Fields({field_of(0): ["label"], field_of(1): ["feature"], field_of(2): ["time"]})
    assert roles_in(form, COLUMNS) == {"a,b": ColumnRole.LABEL}


def test_columns_that_a_form_leaves_out_stay_as_they_are():
    assert roles_in(Fields({}), COLUMNS) == {}


def test_a_role_that_is_none_is_refused():
    with pytest.raises(InvalidRequest, match="not 'king'"):
        roles_in(Fields({field_of(1): ["king"]}), COLUMNS)


def test_columns_are_shown_as_they_were_chosen():
    assert with_roles(COLUMNS, {"": ColumnRole.IGNORED})[1].role is ColumnRole.IGNORED


def test_every_kind_and_role_has_words():
    assert len({kind_word(one) for one in ColumnKind}) == len(ColumnKind)
    assert len({role_word(one) for one in ColumnRole}) == len(ColumnRole)
