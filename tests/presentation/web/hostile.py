"""Names that people could give to things to hurt those who look at them."""

from html import escape

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raise %}",
    "=cmd|' /C calc'!A0",
    "javascript:alert(1)",
    "ä" * 200,
)


def is_shown_harmlessly(name: str, page: str) -> bool:
    """Whether a page holds a name as text and never as markup."""
    shown = escape(name, quote=True).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
    return shown in page and ("<" not in name or name not in page)
