"""How verdicts read: the answers, and what they say of the flags."""

from typing import TYPE_CHECKING

from pynomaly.presentation.words.figures import count, share_figure

if TYPE_CHECKING:
    from pynomaly.domain.estimated_share import EstimatedShare
    from pynomaly.domain.verdict import VerdictAnswer, VerdictSummary


def answer_in_words(answer: "VerdictAnswer") -> str:
    """Return an answer as people say it.

    >>> from pynomaly.domain.verdict import VerdictAnswer
    >>> answer_in_words(VerdictAnswer.FALSE_ALARM)
    'false alarm'
    """
    return answer.value.replace("_", " ")


def share_in_words(share: "EstimatedShare | None") -> str:
    """Return a share with its interval, "–" where there is none.

    >>> from pynomaly.domain.estimated_share import estimated_share
    >>> share_in_words(estimated_share(3, 12))
    '25 % (8.9 % – 53 %)'
    """
    if share is None:
        return "–"
    return f"{share_figure(share.value)} ({share_figure(share.low)} – {share_figure(share.high)})"


def summary_in_words(summary: "VerdictSummary") -> str:
    """Return in a few sentences what the judged rows say, and what they do not."""
    told = [f"{count(n)} {answer_in_words(answer)}" for answer, n in summary.n_by_answer.items() if n]
    judged = f"{_rows(summary.n_judged)} judged" + (f": {', '.join(told)}." if told else ".")
    if summary.false_alarm_share is None:
        return f"{judged} No flag was called right or wrong yet."
    flags = "1 flag" if summary.n_decisive == 1 else f"{count(summary.n_decisive)} flags"
    alarms = "1 false alarm" if summary.n_false_alarms == 1 else f"{count(summary.n_false_alarms)} false alarms"
    return (
        f"{judged} Of {flags} called right or wrong, {alarms}: {share_in_words(summary.false_alarm_share)}, "
        "95 % interval, for rows that people chose to look at."
    )


def _rows(n: int) -> str:
    return "1 row" if n == 1 else f"{count(n)} rows"
