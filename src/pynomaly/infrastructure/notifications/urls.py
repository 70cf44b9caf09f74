"""What of a channel's URL is secret, and what may be shown."""

from collections.abc import Sequence
from urllib.parse import urlsplit

_SHORTEST_TOKEN = 4


def secret_parts(url: str) -> Sequence[str]:
    """Return what of a URL is secret: all that follows the host, but for what is too short to be a token."""
    place = urlsplit(url)
    parts = (place.path.lstrip("/"), place.query, place.fragment)
    return [part for part in parts if len(part) >= _SHORTEST_TOKEN]


def host_of(url: str) -> str:
    """Return what of a URL may be shown."""
    return urlsplit(url).hostname or ""
