"""How long something took, or will take, as people say it."""


def duration_figure(seconds: float | None) -> str:
    """Return a duration to the unit that matters, "–" where there is none.

    >>> duration_figure(0.21), duration_figure(8.4), duration_figure(190), duration_figure(3900), duration_figure(None)
    ('0.2 s', '8 s', '3 min', '1 h 5 min', '–')
    """
    if seconds is None:
        return "–"
    if seconds < 59.5:
        return f"{seconds:.0f} s" if seconds >= 1 else f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(hours / 24)} days"
