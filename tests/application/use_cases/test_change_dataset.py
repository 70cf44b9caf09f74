import pytest

from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.errors import AlreadyExists, ColumnMismatch, InvalidRequest, NotFound, StaleWrite
from tests.application.use_cases.orders import register
from tests.application.use_cases.told import ALL


def _roles(dataset):
    return {column.name: column.role for column in dataset.columns}


def test_a_name_and_roles_can_change_while_the_rows_stay(workspace) -> None:
    made = register(workspace)
    changed = workspace.change_dataset(dataset="orders", name="march", roles={"is_late": ColumnRole.LABEL}, revision=0)
    assert (changed.name, changed.label, changed.revision) == ("march", "is_late", 1)
    assert changed.fingerprint == made.fingerprint
    assert workspace.queries.dataset("march") == changed
    assert workspace.queries.audit_page(ALL).items[-1].type == "DatasetChanged"


def test_only_what_was_said_is_changed(workspace) -> None:
    made = register(workspace, roles={"is_late": ColumnRole.LABEL})
    assert _roles(workspace.change_dataset(dataset="orders", name="march")) == _roles(made)
    ignoring = workspace.change_dataset(dataset="march", roles={"weight": ColumnRole.IGNORED})
    assert _roles(ignoring) == _roles(made) | {"weight": ColumnRole.IGNORED}
    assert ignoring.name == "march"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": "taken"}, AlreadyExists),
        ({"name": "\n"}, InvalidRequest),
        ({"roles": {"unknown": ColumnRole.LABEL}}, ColumnMismatch),
        ({"name": "march", "revision": 7}, StaleWrite),
        ({"dataset": "nothing"}, NotFound),
    ],
    ids=str,
)
def test_what_cannot_be_changed_stays_as_it_was(workspace, change, error) -> None:
    register(workspace, "taken")
    made = register(workspace)
    with pytest.raises(error):
        workspace.change_dataset(**({"dataset": "orders"} | change))
    assert workspace.queries.dataset("orders") == made
