import pytest

from pynomaly.domain.quality import Gravity, QualityFinding, QualityKind
from pynomaly.presentation.web.quality_words import advice_on, gravity_word


def finding(kind, advice):
    return QualityFinding(kind, Gravity.NOTE, "x", "Column 'x' is so.", "It does that.", advice)


@pytest.mark.parametrize(
    ("kind", "advice", "said"),
    [
        (QualityKind.MISSING, "If it says little, leave it out: --ignore x", "choose “left out”"),
        (QualityKind.IDENTIFIER, "If it measures something, use it: --feature x", "choose “learned from”"),
        (QualityKind.NOTHING_REPEATS, "If it names rows, say so: --id x", "choose “names rows”"),
        (QualityKind.SAME_COLUMNS, "Leave one of them out: --ignore x", "for one of them"),
        (QualityKind.CONSTANT, "If it can change, train on rows in which it does.", "train on rows in which it does"),
    ],
)
def test_advice_is_given_as_a_page_gives_it(kind, advice, said):
    found = advice_on(finding(kind, advice))
    assert said in found
    assert "--" not in found


def test_where_there_is_nothing_to_do_nothing_is_advised():
    assert advice_on(finding(QualityKind.LABEL, "")) == ""


def test_every_gravity_has_a_word():
    assert len({gravity_word(one) for one in Gravity}) == len(Gravity)
