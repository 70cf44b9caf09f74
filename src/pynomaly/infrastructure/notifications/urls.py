"""What of a channel's URL may be shown."""

from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """Return the host; whatever follows it is secret."""
    return urlsplit(url).hostname or ""
