"""Pages and parts of them: escaped, complete, and saying nothing that is not known."""

import pytest
from jinja2 import UndefinedError

from pynomaly.presentation.web.rendering import as_data, part_text, templates


def test_a_part_knows_what_its_page_imports_at_the_top(browse, here):
    """The rows of a detection are told by pieces that its page imports."""
    answer = browse().get(f"/detections/{here.things.detection}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'id="ranked"' in answer.text


def test_what_a_part_needs_and_nobody_gave_is_a_fault():
    with pytest.raises(UndefinedError):
        part_text("channels/channel.html", "trial", {"request": None})


def test_text_is_escaped():
    shown = templates().from_string("{{ word }}").render(word='<b onclick="x">')
    assert shown == "&lt;b onclick=&#34;x&#34;&gt;"


def test_data_cannot_end_the_block_it_stands_in():
    assert "</script>" not in as_data({"word": "</script><script>alert(1)</script>&\u2028"})
