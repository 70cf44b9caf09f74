"""Times that a cron expression means, in its own time zone (cronsim)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pynomaly.domain.errors import ExtraNotInstalled, InvalidRequest


class CronsimClock:
    """Reads five-field cron expressions; an hour that daylight saving skips or repeats is run once."""

    def next_time(self, cron: str, time_zone: str, after: datetime) -> datetime:
        """Return the first moment after `after` that the expression means, in UTC.

        Raises InvalidRequest for an expression or zone that means nothing, or one that never comes.
        """
        try:
            from cronsim import CronSim, CronSimError
        except ImportError:
            raise ExtraNotInstalled("schedules need: pip install 'pynomaly-platform[server]'") from None
        zone = _zone(time_zone)
        if len(cron.split()) != 5:
            raise InvalidRequest(f"'{cron[:80]}' is no cron expression; five fields are needed, like 0 6 * * 1-5")
        try:
            times = (moment.astimezone(UTC) for moment in CronSim(cron, after.astimezone(zone)))
            return next(moment for moment in times if moment > after)  # in an hour that is repeated, it looks back
        except CronSimError as error:
            raise InvalidRequest(f"'{cron[:80]}' is no cron expression ({error}); try 0 6 * * 1-5") from error
        except StopIteration:
            raise InvalidRequest(f"'{cron[:80]}' names a time that never comes") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidRequest(f"there is no time zone '{name[:80]}'; use a name like Europe/Berlin or UTC") from None
