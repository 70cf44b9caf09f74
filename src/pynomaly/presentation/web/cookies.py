"""What browsers keep for us: the token of a session, the chosen look and keys, and one sentence for the next page."""

from datetime import datetime
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

SESSION = "pynomaly-session"
THEME = "pynomaly-theme"
KEYS = "pynomaly-keys"
NOTICE = "pynomaly-notice"
THEMES = ("system", "light", "dark", "contrast")
MOST_NOTICE = 300
YEAR_SECONDS = 365 * 24 * 3600


def keep_session(request: Request, response: Response, token: str, expires_at: datetime) -> None:
    """Have a browser carry a session: out of reach of scripts, over TLS wherever there is TLS, to this site only."""
    response.set_cookie(
        SESSION, token, expires=expires_at, path="/", secure=_is_secure(request), httponly=True, samesite="lax"
    )


def drop_session(request: Request, response: Response) -> None:
    """Have a browser forget its session."""
    response.delete_cookie(SESSION, path="/", secure=_is_secure(request), httponly=True, samesite="lax")


def keep_theme(request: Request, response: Response, theme: str) -> None:
    """Have a browser remember a look."""
    response.set_cookie(
        THEME, theme, max_age=YEAR_SECONDS, path="/", secure=_is_secure(request), httponly=True, samesite="lax"
    )


def theme_of(request: Request) -> str:
    """Return the look that was chosen, "system" where none was."""
    chosen = request.cookies.get(THEME, "")
    return chosen if chosen in THEMES else THEMES[0]


def keep_keys(request: Request, response: Response, *, are_on: bool) -> None:
    """Have a browser remember whether single keys do something (WCAG 2.1.4: they can be turned off)."""
    response.set_cookie(
        KEYS,
        "on" if are_on else "off",
        max_age=YEAR_SECONDS,
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def keys_of(request: Request) -> str:
    """Return "off" where single keys were turned off, else "on"."""
    return "off" if request.cookies.get(KEYS) == "off" else "on"


def keep_notice(request: Request, response: Response, sentence: str) -> None:
    """Have the next page say a sentence, once."""
    response.set_cookie(
        NOTICE,
        quote(sentence[:MOST_NOTICE]),
        max_age=60,
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def notice_of(request: Request) -> str:
    """Return the sentence that the page before left, empty where it left none."""
    return unquote(request.cookies.get(NOTICE, ""))[:MOST_NOTICE]


def drop_notice(request: Request, response: Response) -> None:
    """Have a browser forget a sentence that was said."""
    response.delete_cookie(NOTICE, path="/", secure=_is_secure(request), httponly=True, samesite="lax")


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
