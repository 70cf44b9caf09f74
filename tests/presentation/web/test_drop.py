"""Bringing rows through the pages, as every role and with every kind of file."""

import re

import pytest

from pynomaly.domain.access import Role
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.job import JobKind
from pynomaly.presentation.web.drop import MOST_PASTED
from pynomaly.presentation.web.form_tokens import HEADER
from tests.presentation.web.conftest import FROM_OUR_PAGE
from tests.service.furnished import as_csv, rows

CSV = as_csv(rows(n_rows=60))
BRINGERS = (Role.ANALYST, Role.ENGINEER, Role.ADMIN)
HOSTILE = (
    "<script>alert(1)</script>.csv",
    '"><img src=x onerror=alert(1)>.csv',
    "\u202eevil.csv",
    "=1+1.csv",
    "n" * 200,
)


def send_file(who, content=CSV, name="orders.csv", *, headers=None, token=None):
    """Send a file as the page's script does."""
    own = {
        **FROM_OUR_PAGE,
        "HX-Request": "true",
        HEADER: token or who.token,
        "Content-Type": "application/octet-stream",
    }
    return who.client.post("/drop/file", params={"name": name}, content=content, headers=own | (headers or {}))


def send_form(who, content=CSV, name="orders.csv", *, fields=None):
    """Send a file as the page does without a script."""
    sent = {"form_token": who.token} if fields is None else fields
    files = {"file": (name, content, "text/csv")}
    return who.client.post("/drop/file", data=sent, files=files, headers=FROM_OUR_PAGE, follow_redirects=False)


def look_behind(address):
    """Return the ids of the dataset and of the job that an address of a look names."""
    found = re.fullmatch(r"/drop/([0-9a-f]{32})\?look=([0-9a-f]{32})", address)
    assert found is not None, address
    return found.groups()


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_where_a_table_goes_in_and_viewers_what_they_lack(browse, role):
    text = browse(role).shown("/drop")
    assert ('enctype="multipart/form-data"' in text) == (role in BRINGERS)
    assert ("needs the role analyst" in text) == (role is Role.VIEWER)


@pytest.mark.parametrize("role", list(Role))
def test_a_file_becomes_a_dataset_of_its_name_and_a_look_begins(browse, installation, role):
    answer = send_file(browse(role), name=f"orders of {role}.csv")
    if role not in BRINGERS:
        assert answer.status_code == 403
        return
    dataset_id, job_id = look_behind(answer.headers["hx-redirect"])
    here = installation.here
    dataset, job = here.get(f"/datasets/{dataset_id}"), here.get(f"/jobs/{job_id}")
    assert (dataset["name"], dataset["n_rows"]) == (f"orders of {role}", 60)
    assert (job["kind"], job["created_by"]) == (JobKind.TRAIN, f"user:{here.furniture.users[role]}")
    assert f"kept as %27orders of {role}%27".replace(" ", "%20") in answer.headers["set-cookie"]


def test_the_same_file_twice_gets_a_name_of_its_own(browse, installation):
    who = browse()
    names = []
    for _ in range(2):
        dataset_id, _ = look_behind(send_file(who, name="twins.csv").headers["hx-redirect"])
        names.append(installation.here.get(f"/datasets/{dataset_id}")["name"])
    assert names == ["twins", "twins 2"]


def test_a_form_without_a_script_does_the_same(browse, installation):
    answer = send_form(browse(Role.ANALYST), name="by form.csv")
    assert answer.status_code == 303
    dataset_id, _ = look_behind(answer.headers["location"])
    assert installation.here.get(f"/datasets/{dataset_id}")["name"] == "by form"


@pytest.mark.parametrize("fields", [{}, {"form_token": "forged"}])
def test_a_form_with_a_file_that_no_page_of_ours_made_is_refused(browse, fields):
    assert send_form(browse(), fields=fields).status_code == 403


def test_bytes_that_no_page_of_ours_sent_are_refused(browse):
    who = browse()
    assert send_file(who, token="forged").status_code == 403
    assert send_file(who, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert who.send_without_token("/drop/rows", rows="a,b\n1,2").status_code == 403
    assert who.send_without_token("/drop/sample").status_code == 403


def test_nobody_who_is_not_signed_in_brings_anything(browse):
    stranger = browse(None)
    assert stranger.get("/drop").headers["location"] == "/sign-in?next=%2Fdrop"
    assert send_form(stranger, fields={}).headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"amount,country\n", "column names but no rows"),
        (b"\x00\x01\x02PNG not a table" * 40, "Not done."),
    ],
    ids=["nothing", "a header alone", "no table"],
)
def test_a_file_that_cannot_be_read_is_answered_in_the_readers_words(browse, content, said):
    who = browse()
    for answer in (send_file(who, content, name="bad.csv"), send_form(who, content, name="bad.csv")):
        assert answer.status_code in (415, 422), answer.text
        assert said in answer.text
        assert ("<html" in answer.text) == ("hx-request" not in answer.request.headers)


def test_a_form_in_which_no_file_was_chosen_says_so(browse):
    who = browse()
    body = (
        f'--x\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{who.token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n'
    )
    headers = FROM_OUR_PAGE | {"Content-Type": "multipart/form-data; boundary=x"}
    answer = who.client.post("/drop/file", content=body, headers=headers)
    assert (answer.status_code, "no file was chosen" in answer.text) == (422, True)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_of_a_file_does_no_harm(browse, name):
    who = browse()
    dataset_id, job_id = look_behind(send_file(who, name=name).headers["hx-redirect"])
    for page in (f"/drop/{dataset_id}?look={job_id}", "/datasets", f"/datasets/{dataset_id}", f"/jobs/{job_id}"):
        text = who.shown(page)
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "\u202e" not in text


def test_pasted_rows_are_looked_at(browse, installation):
    answer = browse(Role.ANALYST).send("/drop/rows", rows=CSV.decode())
    dataset_id, _ = look_behind(answer.headers["location"])
    dataset = installation.here.get(f"/datasets/{dataset_id}")
    assert (dataset["name"].startswith("pasted rows"), dataset["n_rows"]) == (True, 60)


def test_pasted_rows_that_were_refused_stand_there_still(browse):
    answer = browse().send("/drop/rows", rows="amount,<b>country</b>\n")
    assert answer.status_code == 422
    assert "no rows" in answer.text
    assert "amount,&lt;b&gt;country&lt;/b&gt;" in answer.text


@pytest.mark.parametrize(("given", "said"), [(" \n ", "there are no rows"), ("1" * (MOST_PASTED + 1), "too long")])
def test_nothing_and_too_much_are_not_pasted(browse, given, said):
    answer = browse().send("/drop/rows", rows=given)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_the_sample_comes_with_what_its_columns_are_for(browse, installation):
    dataset_id, _ = look_behind(browse(Role.ANALYST).send("/drop/sample").headers["location"])
    dataset = installation.here.get(f"/datasets/{dataset_id}")
    roles = {column["name"]: column["role"] for column in dataset["columns"]}
    assert (roles["patient"], roles["malignant"]) == (ColumnRole.IDENTIFIER, ColumnRole.LABEL)
    assert dataset["n_rows"] == 367
