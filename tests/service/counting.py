"""What a piece of work touches: the database, and files."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event

_LISTENING: "list[Touched]" = []
_LOCK = threading.Lock()


@dataclass
class Touched:
    """How often connections were taken and statements sent, and the paths that were opened."""

    n_connections: int = 0
    n_statements: int = 0
    opened: list[str] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        """Whether there was none of it."""
        return not (self.n_connections or self.n_statements or self.opened)


def _hear(name: str, arguments: tuple[object, ...]) -> None:
    if name == "open" and _LISTENING:
        with _LOCK:
            for one in _LISTENING:
                one.opened.append(str(arguments[0]))


sys.addaudithook(_hear)  # there is no way to take one back


@contextmanager
def touching(engine: Engine) -> Iterator[Touched]:
    """Lend the counts of what all threads of this process do meanwhile."""
    touched = Touched()

    def connection(*_: object) -> None:
        touched.n_connections += 1

    def statement(*_: object) -> None:
        touched.n_statements += 1

    heard = (("checkout", connection), ("before_cursor_execute", statement))
    for name, listener in heard:
        event.listen(engine, name, listener)
    _LISTENING.append(touched)
    try:
        yield touched
    finally:
        _LISTENING.remove(touched)
        for name, listener in heard:
            event.remove(engine, name, listener)
