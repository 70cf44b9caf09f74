import numpy as np
import pyarrow as pa
import pytest

from pynomaly.application.column_quality import MAX_WORDS
from pynomaly.application.profiling import profile
from pynomaly.application.quality import quality_of
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.quality import Gravity, QualityKind
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.matrix_builder import ArrowPreparer
from pynomaly.infrastructure.data.raw_table import RawTable
from pynomaly.infrastructure.data.steps import lookup_step

N = 200
RNG = np.random.default_rng(5)
AMOUNTS = RNG.normal(100.0, 10.0, N)


def table_of(roles=None, **columns):
    table = ArrowTable.from_raw(RawTable(pa.table(columns)), name="t")
    return table.describe(roles=roles or {}, kinds={})


def findings(roles=None, **columns):
    table = table_of(roles, **columns)
    return quality_of(table, profile(table, ArrowPreparer()))


def found(kind, roles=None, **columns):
    """Return the only finding of a kind."""
    (one,) = (finding for finding in findings(roles, **columns) if finding.kind is kind)
    return one


def kinds(**columns):
    return [finding.kind for finding in findings(**columns)]


def some(value, share, n=N):
    """Return a column in which a share of the rows is missing."""
    return [None if place < share * n else value(place) for place in range(n)]


def test_nothing_is_said_of_a_table_that_is_as_it_should_be():
    assert kinds(amount=AMOUNTS, device=["ios", "web"] * (N // 2)) == []


@pytest.mark.parametrize(("share", "gravity"), [(0.3, Gravity.NOTE), (0.7, Gravity.WARNING)])
def test_many_missing_numbers_look_ordinary(share, gravity):
    one = found(QualityKind.MISSING, x=some(lambda n: float(AMOUNTS[n]), share), y=AMOUNTS)
    assert (one.severity, one.column) == (gravity, "x")
    assert one.sentence == f"Column 'x' is missing in {int(share * N)} of 200 rows ({share:.0%})."
    assert "counts as the median, so by itself it looks ordinary; so many are missing" in one.effect


def test_what_is_said_of_missing_numbers_is_what_preparation_does():
    for share, has_indicator in ((0.03, True), (0.3, False), (0.7, False), (0.97, True)):
        table = table_of(x=some(lambda n: float(AMOUNTS[n]), share), y=AMOUNTS)
        preparation = ArrowPreparer().learn(table, dtype="float64", scale=False)
        assert ("x missing" in preparation.feature_names) == has_indicator
        missing, median = preparation.features("x", [None, preparation.typical("x").median])[:, 0]
        assert missing == median
        said = [one.effect for one in quality_of(table, profile(table, ArrowPreparer())) if one.column == "x"]
        if share >= 0.2:
            assert ("is a feature of its own, and a rare one" in said[0]) == has_indicator
    one_value = found(QualityKind.MISSING, x=some(lambda _: 5.0, 0.5), y=AMOUNTS)
    assert one_value.effect.startswith("There is one value only")


def test_missing_words_yes_and_no_times_and_texts_are_told_for_what_they_become():
    word = found(QualityKind.MISSING, x=some(lambda n: "ab"[n % 2], 0.5), y=AMOUNTS)
    assert word.effect == "Missing counts as a word of its own, and as a frequent one it is nothing strange."
    answer = found(QualityKind.MISSING, x=some(lambda n: n % 2 == 0, 0.5), y=AMOUNTS)
    assert "half way between yes and no" in answer.effect
    times = np.datetime64("2026-01-01", "s") + np.arange(N) * 5_000
    at = found(QualityKind.MISSING, x=pa.array(times, mask=np.arange(N) < 100), y=AMOUNTS)
    assert "equally far from all hours and weekdays" in at.effect
    prose = found(QualityKind.MISSING, x=some(lambda n: f"a remark of many words, number {n}", 0.5), y=AMOUNTS)
    assert prose.effect == "A missing text counts as an empty one."


def test_few_missing_cells_are_not_worth_a_word():
    assert QualityKind.MISSING not in kinds(x=some(lambda n: float(AMOUNTS[n]), 0.1), y=AMOUNTS)


def test_constants_keys_lists_and_answers_are_told_as_not_learned_from():
    columns = {
        "same": [5] * N,
        "empty": pa.nulls(N, pa.string()),
        "order": [f"K-{n:05d}" for n in range(N)],
        "parts": [[1, n] for n in range(N)],
        "fraud": [n % 50 == 0 for n in range(N)],
        "x": AMOUNTS,
    }
    told = {one.column: one for one in findings({"fraud": ColumnRole.LABEL}, **columns)}
    assert told["same"].sentence == "Column 'same' holds the same in every row."
    assert told["empty"].sentence == "Column 'empty' holds nothing."
    kinds_told = [told[name].kind for name in ("same", "empty", "order", "parts", "fraud")]
    constant = QualityKind.CONSTANT
    assert kinds_told == [constant, constant, QualityKind.IDENTIFIER, QualityKind.NESTED, QualityKind.LABEL]
    assert told["order"].advice == "If it measures something, use it: --feature order"
    assert all("not learned from" in told[name].effect for name in ("same", "order", "parts", "fraud"))
    assert "x" not in told


def test_a_column_somebody_left_out_is_not_talked_about():
    assert findings({"x": ColumnRole.IGNORED}, x=some(lambda n: float(n), 0.6), y=AMOUNTS) == ()


def test_numbers_in_text_are_told_with_the_cells_that_are_none():
    clean = found(QualityKind.NUMBERS_AS_TEXT, x=[f"$ {value:.2f}" for value in AMOUNTS], y=AMOUNTS[::-1])
    assert (clean.severity, clean.advice) == (Gravity.NOTE, "")
    values = ["n/a" if n % 10 == 0 else f"$ {value:.2f}" for n, value in enumerate(AMOUNTS)]
    dirty = found(QualityKind.NUMBERS_AS_TEXT, x=values, y=AMOUNTS[::-1])
    assert dirty.severity is Gravity.WARNING
    assert dirty.sentence == "Column 'x' holds numbers written as text; 20 cells are none."


def test_cells_far_out_are_told_and_need_nothing_changed():
    amounts = AMOUNTS.copy()
    amounts[3] = 5_000.0
    one = found(QualityKind.FAR_VALUES, x=amounts)
    assert (one.severity, one.advice) == (Gravity.NOTE, "")
    assert one.sentence.startswith("Column 'x' reaches to 5,000, 1")
    low = found(QualityKind.FAR_VALUES, x=-amounts)
    assert "reaches to -5,000" in low.sentence
    assert QualityKind.FAR_VALUES not in kinds(x=AMOUNTS)


def test_words_that_hardly_repeat_are_a_warning():
    words = [f"town{n % 150}" for n in range(N)]
    one = found(QualityKind.RARE_WORDS, town=words, x=AMOUNTS)
    assert (one.severity, one.sentence) == (Gravity.WARNING, "Column 'town' holds 150 different values in 200 rows.")
    preparation = ArrowPreparer().learn(table_of(town=words, x=AMOUNTS), dtype="float64", scale=False)
    unseen, common = preparation.features("town", ["never seen", "town1"])[:, 0]
    assert unseen - common < 1.0  # on a scale where one row of a thousand is 6.9: nothing strange
    assert QualityKind.RARE_WORDS not in kinds(town=[f"town{n % 50}" for n in range(N)], x=AMOUNTS)


def test_more_words_than_are_told_apart_are_a_warning():
    assert MAX_WORDS == lookup_step.MAX_WORDS
    n = 3 * (MAX_WORDS + 1_000)
    words = [f"w{place // 3}" for place in range(n)]
    one = found(QualityKind.RARE_WORDS, word=words, x=RNG.normal(size=n))
    assert one.effect == "The 5,000 most frequent values are told apart; all others count as one."


def test_words_of_which_none_comes_twice_are_not_learned():
    words = [f"{a}{b}" for a in "abcdefghijklmn" for b in "opqrstuvwxyz"]
    one = found(QualityKind.NOTHING_REPEATS, word=words, x=RNG.normal(size=len(words)))
    assert one.sentence == "Column 'word' holds no value twice."


def test_prose_is_told_as_what_is_learned_of_it():
    one = found(QualityKind.PROSE, x=[f"a remark of many words, number {n}" for n in range(N)], y=AMOUNTS)
    assert "not what they say" in one.effect


def test_times_are_told_and_whether_rows_are_in_their_order():
    times = np.datetime64("2026-01-01", "s") + np.arange(N) * 5_000
    assert kinds(at=times, x=AMOUNTS) == [QualityKind.TIMES, QualityKind.ORDERED]
    assert kinds(at=times[::-1], x=AMOUNTS) == [QualityKind.TIMES]


def test_columns_that_say_the_same_are_told_once_each():
    told = findings(a=AMOUNTS, b=AMOUNTS, c=AMOUNTS * 100 + 3, d=AMOUNTS[::-1])
    assert [(one.kind, one.severity, one.column) for one in told] == [
        (QualityKind.SAME_COLUMNS, Gravity.WARNING, "b"),
        (QualityKind.ALIKE_COLUMNS, Gravity.NOTE, "c"),
    ]
    assert told[0].sentence == "Column 'b' holds in every row what 'a' holds."


@pytest.mark.parametrize(("n_copies", "gravity"), [(1, None), (4, Gravity.NOTE), (40, Gravity.WARNING)])
def test_repeated_rows_are_counted(n_copies, gravity):
    amounts = AMOUNTS.copy()
    amounts[:n_copies] = amounts[-n_copies:]
    order = [f"K-{n:05d}" for n in range(N)]  # which names rows and does not make them different
    told = [one for one in findings(order=order, x=amounts) if one.kind is QualityKind.REPEATED_ROWS]
    assert [one.severity for one in told] == [gravity] * (gravity is not None)
    if told:
        assert told[0].sentence.startswith(f"{n_copies} of 200 rows")


def test_rows_that_must_repeat_because_there_are_few_values_are_not_told():
    assert kinds(a=[n % 2 == 0 for n in range(N)], b=["x", "y", "z", "x"] * (N // 4)) == []


def test_few_rows_make_p_values_coarse():
    one = found(QualityKind.TOO_FEW_ROWS, x=AMOUNTS[:49])
    assert one.severity is Gravity.WARNING
    assert "none is below 1/50" in one.effect
    assert QualityKind.TOO_FEW_ROWS not in kinds(x=AMOUNTS[:50])


def test_a_table_nothing_can_be_learned_from_is_a_problem_and_comes_first():
    first, *_ = findings(same=[5] * N, order=[f"K-{n:05d}" for n in range(N)])
    assert (first.kind, first.severity) == (QualityKind.NOTHING_TO_LEARN, Gravity.PROBLEM)
    single, *_ = findings(x=[1.0])
    assert single.severity is Gravity.PROBLEM


def test_advice_can_be_typed_as_it_stands():
    one = found(QualityKind.SAME_COLUMNS, **{"a": AMOUNTS, "b c": AMOUNTS})
    assert one.advice.endswith("--ignore 'b c'")
