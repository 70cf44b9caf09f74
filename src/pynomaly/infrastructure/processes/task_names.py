"""Tasks as text: `module:function`, from a closed list of modules."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TypeAlias, cast

from pynomaly.domain.algorithm import JsonValue

Tell: TypeAlias = Callable[[Mapping[str, JsonValue]], None]
"""Reports progress to whoever started the child."""

Task: TypeAlias = Callable[[dict[str, JsonValue], Tell], JsonValue]
"""What runs in a child: plain JSON in, plain JSON out; how far it is in between."""


class TaskNotAllowed(Exception):
    """A task outside the closed list: a mistake in the program, never something a user can cause."""


def require_listed(name: str, allowed: tuple[str, ...]) -> None:
    """Check that a task is of a module on the list, before anything is imported. Raises TaskNotAllowed."""
    module, _, function = name.partition(":")
    if module not in allowed or not function.isidentifier() or function.startswith("_"):
        raise TaskNotAllowed(f"{name!r} is not a public function of {', '.join(allowed) or 'any module'}")


def task_named(name: str, allowed: tuple[str, ...]) -> Task:
    """Import a task. Raises TaskNotAllowed, also for a function its module merely imported."""
    require_listed(name, allowed)
    module, _, function = name.partition(":")
    found = getattr(import_module(module), function, None)
    if not callable(found) or getattr(found, "__module__", None) != module:
        raise TaskNotAllowed(f"module {module} has no function {function} of its own")
    return cast(Task, found)
