"""What pages have their reader type at a terminal works as it stands: real commands, a real server, a real database."""

import re
from contextlib import nullcontext

import psycopg
import pytest

from generate import followed_pages
from terminal import Terminal, TerminalError, agrees
from tests.databases import fresh_postgres
from walkthrough import PageError, followed

DATABASE = "postgresql://pynomaly:…@db:5432/pynomaly"
EVERYWHERE = "--host 0.0.0.0"
SHOP = "host=db.example.org --set database=shop --set user=reader"
TYPED = [page for page in followed_pages() if "```console\n" in page.read_text(encoding="utf-8")]


@pytest.mark.slow
@pytest.mark.parametrize("page", TYPED, ids=lambda page: page.name)
def test_typing_what_a_page_says_does_what_it_says(page, tmp_path):
    text = page.read_text(encoding="utf-8")
    (tmp_path / "deploy").mkdir()  # as in a clone
    with fresh_postgres() if DATABASE in text or SHOP in text else nullcontext("") as url:
        stand_ins = {DATABASE: url, EVERYWHERE: "--host 127.0.0.1", **(_shop_at(url) if SHOP in text else {})}
        assert followed(text, tmp_path, stand_ins) == text


def _shop_at(url):
    """Open a shop, and return what stands in for its address."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE orders AS SELECT n AS order_id, n % 17 + n / 100.0 AS amount, n % 50 = 0 AS is_fraud, "
            "current_date - 1 AS day FROM generate_series(1, 400) AS n"
        )
        found = connection.info
        where = f"host={found.host} --set port={found.port} --set sslmode=prefer"
        reached = f"{where} --set database={found.dbname} --set user={found.user}"
    return {SHOP: reached, "10.1.0.0/16": "127.0.0.1,::1"}


def test_no_command_of_a_page_goes_untried():
    tried = {"sh", "python", "console"}
    data = {"text", "json", "toml", "yaml", "ini", "http", "csv"}
    untried = [
        (page.name, language)
        for page in followed_pages()
        for language in re.findall(r"^```(\w+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        if language not in tried | data
    ]
    assert untried == []


@pytest.fixture
def terminal(tmp_path):
    with Terminal(tmp_path, install=lambda _: None, stand_ins={"the password": "hush"}) as one:
        yield one


def test_what_one_block_sets_the_next_one_knows(terminal):
    terminal.type("FIRST=1\n")
    terminal.type('WORD=birch\nexport OTHER="two words"\nshout() { echo "$1!"; }\n')
    assert terminal.type('shout "$WORD$FIRST"\nsh -c \'echo "$OTHER"\'\n') == "birch1!\ntwo words\n"


def test_texts_have_their_stand_ins(terminal):
    assert terminal.type("echo the password 127.0.0.1:8000\n") == f"hush 127.0.0.1:{terminal.port}\n"


@pytest.mark.parametrize("command", ["false", "false | cat", "X=$(false)", "curl http://127.0.0.1:8000/"])
def test_a_command_that_fails_is_an_error(terminal, command):
    with pytest.raises(TerminalError):
        terminal.type(f"{command}\n")


def test_a_server_that_does_not_start_is_an_error(terminal):
    with pytest.raises(TerminalError, match="the server ended"):
        terminal.type("pynomaly serve --no-such-option\n")


def test_what_comes_out_must_be_what_the_page_shows(tmp_path):
    page = '```console\necho \'{"n": 3}\'\n```\n\n```json\n{"n": 4}\n```\n'
    assert followed(page, tmp_path) == page  # without a terminal nothing is typed
    with pytest.raises(PageError, match="what comes out"):
        followed(page, tmp_path, {})
    assert agrees('{"id": "1f", "n": 3}\n', '{"id": "…", "n": 3}')
    assert not agrees('{"id": "1f", "n": 3}\n', '{"id": "…", "n": 4}')
