"""Whatever a stranger sends: a verdict in words within ten seconds, and a server that is none the larger for it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.infrastructure.intake.hostile_files import damaged_files, hostile_files, valid_files

N_DAMAGED = 150
SEED = 20_261_125
MOST_SECONDS = 10.0
MOST_GROWTH_KIB = 64 * 1024


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for name, content in (*valid_files().items(), *hostile_files().items(), *damaged_files(N_DAMAGED, seed=SEED)):
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def told(corpus: Path) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.infrastructure.intake.take_in_all", str(corpus)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert "child_failed" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def verdicts(told: list[dict[str, Any]]) -> Mapping[str, dict[str, Any]]:
    return {one["name"]: one for one in told[:-1]}


@pytest.mark.slow
def test_every_file_gets_a_verdict_in_words(corpus: Path, verdicts: Mapping[str, dict[str, Any]]) -> None:
    assert verdicts.keys() == {path.name for path in corpus.iterdir()}
    assert len(verdicts) >= 300
    assert [one for one in verdicts.values() if one["kind"] == "unexpected"] == []


@pytest.mark.slow
def test_every_verdict_comes_in_time(verdicts: Mapping[str, dict[str, Any]]) -> None:
    assert [one for one in verdicts.values() if one["seconds"] > MOST_SECONDS] == []


@pytest.mark.slow
def test_the_process_that_asked_is_none_the_larger(told: list[dict[str, Any]]) -> None:
    memory = told[-1]
    assert memory["highest_kib"] - memory["before_kib"] <= MOST_GROWTH_KIB


@pytest.mark.slow
def test_honest_files_are_taken_in_between_all_that(verdicts: Mapping[str, dict[str, Any]]) -> None:
    for name in valid_files():
        assert (verdicts[name]["kind"], verdicts[name]["detail"]) == ("TakenIn", "60 x 3"), name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gzip_bomb_3_gib.csv.gz", "unpacks to more than 64 MiB"),
        ("zstd_bomb_20_gib.csv.zst", "unpacks to more than 64 MiB"),
        ("600_million_rows.parquet", "announces 600000000 rows"),
        ("word_of_4_mib_repeated.parquet", "repeats words until they fill 8388608000000 bytes"),
        ("240_million_rows.parquet", "does not fit into the memory"),
        ("trillion_nulls.arrows", "more than 250000000 cells"),
        ("word_of_4_kib_repeated.arrow", "repeats words until they fill 8192000000 bytes"),
        ("views_of_one_text.arrows", "repeats words until they fill 8192000000 bytes"),
        ("run_of_200_million.arrows", "repeats words until they fill 200000000000 bytes"),
        ("lists_that_overlap.arrows", "lists of 40000000000 values"),
        ("sheet_of_1_gib.xlsx", "unfolds"),
        ("cell_far_away_in_other_quotes.xlsx", "16384 columns"),
        ("cell_far_away_in_small_letters.xlsx", "16384 columns"),
        ("row_beyond_the_end.xlsx", "4294967295 rows"),
        ("billions_of_shared_strings.xlsx", "announces 4294967295 strings"),
        ("million_columns.csv", "begins with a line of over"),
        ("100_000_columns.csv", "100000 columns; at most 10000"),
        ("million_keys_in_rows.jsonl", "10001 keys or more"),
        ("9000_keys_in_many_rows.jsonl", "400000 rows and 9000 keys"),
        ("pickle.csv", "is a pickle"),
        ("page.csv", "web page"),
        ("database.parquet", "SQLite"),
    ],
)
def test_what_is_known_to_do_harm_is_refused_for_what_it_is(
    verdicts: Mapping[str, dict[str, Any]], name: str, words: str
) -> None:
    assert verdicts[name]["kind"] == "UnreadableFile"
    assert words in verdicts[name]["detail"]


@pytest.mark.slow
def test_messages_tell_nothing_of_this_machine(corpus: Path, verdicts: Mapping[str, dict[str, Any]]) -> None:
    assert [one for one in verdicts.values() if str(corpus.parent) in one["detail"]] == []
