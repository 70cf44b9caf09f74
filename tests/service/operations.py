"""Every operation of the API, as the routes themselves have it."""

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

from fastapi.routing import APIRoute, iter_route_contexts

from pynomaly.domain.access import Permission
from pynomaly.presentation.api.access import permission_of
from pynomaly.presentation.api.api_program import ApiProgram
from pynomaly.presentation.api.app import create_app


@dataclass(frozen=True)
class Operation:
    """One method of one address. permission: None for those that everybody may ask."""

    name: str
    method: str
    path: str
    permission: Permission | None

    def address(self, ids: dict[str, str]) -> str:
        """Return the address with ids of things in it."""
        noun = self.path.split("/")[3]
        known = {"id": ids.get(noun, ""), "name": "isolation_forest", "number": "1", "row": "7"}
        return re.sub(r"\{(\w+)\}", lambda part: known[part[1]], self.path)

    @property
    def is_about_a_thing(self) -> bool:
        """Whether the address has the id of a thing of one workspace in it."""
        return "{id}" in self.path


def all_operations() -> list[Operation]:
    """Return every operation."""
    app = create_app(cast(ApiProgram, SimpleNamespace()), version="0")
    contexts = [one for one in iter_route_contexts(app.routes) if isinstance(one.original_route, APIRoute)]
    return [
        Operation(str(route.operation_id), method, str(one.path), permission_of(route))
        for one in contexts
        for route in [cast(APIRoute, one.original_route)]
        for method in sorted(one.methods or ())
    ]


OPERATIONS = all_operations()
