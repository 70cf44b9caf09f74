"""How the common cron expressions read; the others stand as they are written."""

import re

DAYS = {
    "*": "every day",
    "1-5": "every weekday",
    "1": "every Monday",
    "2": "every Tuesday",
    "3": "every Wednesday",
    "4": "every Thursday",
    "5": "every Friday",
    "6": "every Saturday",
    "0": "every Sunday",
    "7": "every Sunday",
}
_EVERY_SO_MANY = re.compile(r"\*/(\d{1,2}) \* \* \* \*")
_AT_A_TIME = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* (\S+)")
_EACH_MONTH = re.compile(r"(\d{1,2}) (\d{1,2}) (\d{1,2}) \* \*")
_EACH_HOUR = re.compile(r"(\d{1,2}) \* \* \* \*")


def cron_in_words(cron: str) -> str:
    """Return when an expression means, empty where that takes more than a few words.

    >>> cron_in_words("0 6 * * 1-5"), cron_in_words("0 * * * *"), cron_in_words("*/15 * * * *")
    ('every weekday at 06:00', 'every hour', 'every 15 minutes')
    >>> cron_in_words("30 3 1 * *"), cron_in_words("0 0 * 2 1#3")
    ('on day 1 of every month at 03:30', '')
    """
    if found := _EVERY_SO_MANY.fullmatch(cron):
        return f"every {int(found[1])} minutes"
    if found := _EACH_HOUR.fullmatch(cron):
        return "every hour" if int(found[1]) == 0 else f"every hour at minute {int(found[1])}"
    if (found := _AT_A_TIME.fullmatch(cron)) and found[3] in DAYS:
        return f"{DAYS[found[3]]} at {_time(found[2], found[1])}"
    if found := _EACH_MONTH.fullmatch(cron):
        return f"on day {int(found[3])} of every month at {_time(found[2], found[1])}"
    return ""


def _time(hour: str, minute: str) -> str:
    return f"{int(hour):02}:{int(minute):02}"
