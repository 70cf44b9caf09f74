"""Time and fresh identifiers, passed in so that tests decide them."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Returns the current time with its time zone, UTC."""

NewId: TypeAlias = Callable[[], str]
"""Returns an identifier nobody else has."""
