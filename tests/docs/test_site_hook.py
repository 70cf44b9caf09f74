from types import SimpleNamespace

from site_hook import on_config, on_page_markdown


def test_pages_without_a_place_of_their_own_come_where_their_folder_is_opened(tmp_path):
    for name in ("index.md", "guides/b.md", "guides/a.md", "guides/first.md", "guides/deep/c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).touch()
    nav = [{"Start": "index.md"}, {"Guides": ["guides/first.md", "guides/*"]}]
    config = on_config(SimpleNamespace(docs_dir=str(tmp_path), nav=nav))
    assert config.nav == [{"Start": "index.md"}, {"Guides": ["guides/first.md", "guides/a.md", "guides/b.md"]}]


def test_a_block_that_is_a_file_gets_its_name_as_title():
    assert on_page_markdown("```csv orders.csv\na\n```\n") == '```csv title="orders.csv"\na\n```\n'
    assert on_page_markdown("```sh\na\n```\n") == "```sh\na\n```\n"
