"""What the members of an enumeration say of themselves: the text below each, which Python itself does not keep."""

import ast
import inspect
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise


def member_words(kind: type[StrEnum]) -> Iterator[tuple[StrEnum, str]]:
    """Yield each member with the text that stands below it, "" where there is none."""
    (described,) = (node for node in ast.parse(inspect.getsource(kind)).body if isinstance(node, ast.ClassDef))
    below = dict(_told(described.body))
    return ((member, below.get(member.name, "")) for member in kind)


def _told(statements: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement, following in pairwise(statements):
        match (statement, following):
            case (ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(words)))):
                yield name, " ".join(words.split())
