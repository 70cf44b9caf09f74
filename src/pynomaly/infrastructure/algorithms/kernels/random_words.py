"""Random numbers that C and Python draw alike, word for word.

Sources: Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators", OOPSLA (SplitMix64); sampling,
Bentley and Floyd (1987), CACM 30(9).
"""

_WORD = (1 << 64) - 1


class SplitMix64:
    """Random 64-bit words; every seed is a good seed."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _WORD

    def word(self) -> int:
        """Return the next word."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _WORD
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _WORD
        return z ^ (z >> 31)

    def uniform(self) -> float:
        """Return a multiple of 2^-53 in [0, 1)."""
        return (self.word() >> 11) * 2.0**-53

    def below(self, n: int) -> int:
        """Return a whole number in [0, n)."""
        return int(self.uniform() * n)

    def sample(self, n: int, n_drawn: int) -> list[int]:
        """Return n_drawn different whole numbers in [0, n), by Floyd's method."""
        drawn: set[int] = set()
        for last in range(n - n_drawn, n):
            number = self.below(last + 1)
            drawn.add(last if number in drawn else number)
        return sorted(drawn)
