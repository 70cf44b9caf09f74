from itertools import pairwise

import pytest

from pynomaly.domain.access import ROLE_PERMISSIONS, Permission, Principal, Role
from pynomaly.domain.errors import Forbidden

LADDER = (Role.VIEWER, Role.ANALYST, Role.ENGINEER, Role.ADMIN)


def test_each_role_may_do_what_the_one_below_it_may_and_more() -> None:
    assert set(LADDER) == set(Role) == set(ROLE_PERMISSIONS)
    for lower, higher in pairwise(LADDER):
        assert ROLE_PERMISSIONS[lower] < ROLE_PERMISSIONS[higher]


def test_the_table_of_roles_says_who_may_do_what() -> None:
    weakest = {permission: next(r for r in LADDER if permission in ROLE_PERMISSIONS[r]) for permission in Permission}
    assert weakest == {
        Permission.READ: Role.VIEWER,
        Permission.SCORE: Role.ANALYST,
        Permission.JUDGE: Role.ANALYST,
        Permission.WRITE_DATASETS: Role.ANALYST,
        Permission.WRITE_DETECTORS: Role.ENGINEER,
        Permission.MANAGE_JOBS: Role.ENGINEER,
        Permission.WRITE_SCHEDULES: Role.ENGINEER,
        Permission.MANAGE_CHANNELS: Role.ENGINEER,
        Permission.MANAGE_SOURCES: Role.ENGINEER,
        Permission.MANAGE_USERS: Role.ADMIN,
        Permission.MANAGE_KEYS: Role.ADMIN,
        Permission.READ_AUDIT: Role.ADMIN,
    }


def test_a_principal_is_refused_what_it_lacks_and_told_what_that_is() -> None:
    key = Principal("t", "api_key", "k1", "nightly", frozenset({Permission.READ}))
    key.require(Permission.READ)
    with pytest.raises(Forbidden, match="needs the permission 'score', which nightly does not have; ask an admin"):
        key.require(Permission.SCORE)


def test_the_audit_log_names_what_kind_of_principal_it_was() -> None:
    assert Principal("t", "user", "u1", "Ada", frozenset()).actor == "user:u1"
    assert Principal("t", "api_key", "k1", "nightly", frozenset()).actor == "api_key:k1"


def test_nobody_gives_away_what_they_do_not_have() -> None:
    engineer = Principal("local", "user", "ada", "Ada", ROLE_PERMISSIONS[Role.ENGINEER])
    engineer.require_all_of(Role.ANALYST)
    with pytest.raises(Forbidden, match="manage_keys, manage_users, read_audit"):
        engineer.require_all_of(Role.ADMIN)


def test_who_lacks_a_permission_is_told_which() -> None:
    viewer = Principal("local", "user", "bo", "Bo", ROLE_PERMISSIONS[Role.VIEWER])
    with pytest.raises(Forbidden) as refused:
        viewer.require(Permission.SCORE)
    assert refused.value.missing == Permission.SCORE
