"""How the values of a column are spread, as a few bars and as words."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynomaly.domain.histogram import Histogram, NumberBins, TimeBins, TopValues
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.words.cell_text import shown
from pynomaly.presentation.words.figures import count

HEIGHT = 100
LEAST_BAR = 4  # of a bar with any rows: rare values are what one is here for
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. title: what it counts."""

    x: int
    height: int
    title: str

    @property
    def y(self) -> int:
        """Where it begins, from above."""
        return HEIGHT - self.height


def bars_of(shape: Histogram) -> Sequence[Bar]:
    """Return a bar for each bin or value; rows beyond a range of numbers stand in the outermost bars."""
    counted = _counted(shape)
    most = max((n for n, _title in counted), default=0) or 1
    heights = [max(round(HEIGHT * n / most), LEAST_BAR if n else 0) for n, _title in counted]
    return [
        Bar(10 * place, height, title) for place, (height, (_n, title)) in enumerate(zip(heights, counted, strict=True))
    ]


def spread_in_words(shape: Histogram) -> str:
    """Return what the bars show, for whoever does not see them."""
    if isinstance(shape, TopValues):
        named = ", ".join(f"{shown(value)} {count(n)}" for value, n in shape.values[:MOST_NAMED])
        return _("most frequent: %s") % named if named else _("no value")
    if isinstance(shape, NumberBins):
        return _("from %(least)s to %(greatest)s") % {"least": shown(shape.least), "greatest": shown(shape.greatest)}
    return _("from %(first)s to %(last)s") % {"first": shown(shape.edges[0]), "last": shown(shape.edges[-1])}


def _counted(shape: Histogram) -> Sequence[tuple[int, str]]:
    if isinstance(shape, TopValues):
        others = [(shape.n_others, _("others: %s") % count(shape.n_others))] if shape.n_others else []
        return [(n, f"{shown(value)}: {count(n)}") for value, n in shape.values] + others
    binned = [
        (n, _("%(low)s to %(high)s: %(rows)s rows") % {"low": shown(low), "high": shown(high), "rows": count(n)})
        for n, low, high in zip(shape.counts, shape.edges[:-1], shape.edges[1:], strict=True)
    ]
    return (
        binned
        if isinstance(shape, TimeBins)
        else [*_beyond(shape, shape.n_below, "below"), *binned, *_beyond(shape, shape.n_above, "above")]
    )


def _beyond(shape: NumberBins, n: int, side: str) -> list[tuple[int, str]]:
    if not n:
        return []
    words = _("below %(edge)s: %(rows)s rows") if side == "below" else _("above %(edge)s: %(rows)s rows")
    return [(n, words % {"edge": shown(shape.edges[0 if side == "below" else -1]), "rows": count(n)})]
