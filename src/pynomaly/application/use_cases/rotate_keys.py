"""Change the keys that secrets are sealed with, while everybody goes on using them."""

from dataclasses import dataclass

from pynomaly.application.ports.persistence import Begin
from pynomaly.domain.connection_events import KeysRotated

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class RotateKeys:
    """Piece by piece: every transaction leaves every secret readable, and a run that is cut off is run again."""

    begin: Begin

    def __call__(self) -> int:
        """Seal the workspace's keys with the current master key, and its secrets with a new key; return how many.

        Raises SealBroken where a master key that is still needed is not there.
        """
        with self.begin() as work:
            work.secrets.rewrap_keys()
            if not work.secrets.renew_key():
                return 0
            work.record(KeysRotated())
            work.commit()
        n_resealed = 0
        while n_more := self._reseal_some():
            n_resealed += n_more
        return n_resealed

    def _reseal_some(self) -> int:
        with self.begin() as work:
            n_resealed = work.secrets.reseal(limit=AT_ONCE)
            work.commit()
        return n_resealed
