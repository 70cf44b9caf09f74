"""Twenty secrets are planted in a running installation, used in every way that goes wrong, and searched for everywhere.

What is searched: every cell of the database, every file of the home and of a backup, the logs of every process, the
metrics, and every answer but the two that hand a secret over. Each secret is looked for as it is, and as URLs, JSON and
base64 write it.
"""

import base64
import json
import secrets
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from tests.databases import KINDS, fresh_url
from tests.storms.honest_client import Line
from tests.storms.installation import EMAIL, PASSWORD, PROGRAM, Installation, installed, wait_for_start
from tests.storms.private_postgres import free_port
from tests.storms.process_table import wait_until

N_SECRETS = 20


@dataclass
class Planted:
    """Every secret there is, by what it is."""

    by_name: dict[str, str] = field(default_factory=dict)

    def __call__(self, name: str) -> str:
        """Plant a secret that is written in many ways, and return it."""
        return self.kept(name, f'{secrets.token_hex(16)}/+&"é')

    def kept(self, name: str, text: str) -> str:
        """Remember a secret that somebody else made."""
        self.by_name[name] = text
        return text

    def found_in(self, content: bytes) -> list[str]:
        """Return the names of those that stand in a content, in any of the forms."""
        return [name for name, text in self.by_name.items() if any(form in content for form in _forms(text))]


def _forms(text: str) -> Iterator[bytes]:
    yield from (text.encode(), quote(text).encode(), quote(text, safe="").encode())
    yield from (json.dumps(text)[1:-1].encode(), json.dumps(text, ensure_ascii=False)[1:-1].encode())
    yield base64.b64encode(text.encode()).rstrip(b"=")


@dataclass
class Asking:
    """An admin who asks, and the answers that may be searched."""

    line: Line
    headers: dict[str, str]
    answers: list[bytes] = field(default_factory=list)

    def __call__(self, method: str, path: str, content: object = None, *, hands_over: bool = False, **headers: str):
        """Ask and return the answer. hands_over: whether this is the one moment at which a secret is shown."""
        body = None if content is None else json.dumps(content).encode()
        answer = self.line.ask(method, path, body, self.headers | {"Content-Type": "application/json"} | headers)
        if not hands_over:
            self.answers.append(json.dumps(dict(answer.headers)).encode() + answer.body)
        return answer


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_planted_secret_is_found_anywhere(kind: str, tmp_path: Path) -> None:
    planted, ports = Planted(), (free_port(), free_port())
    more = {
        "PYNOMALY_SECRET_KEY": planted("signing key") + "-long-enough-to-sign-tokens",
        "PYNOMALY_MASTER_KEYS": planted.kept("master key", MasterKeys.new()),
        "PYNOMALY_REDIS_URL": f"redis://:{quote(planted('redis password'), safe='')}@127.0.0.1:1/0",
        "PYNOMALY_LOG_FORMAT": "json",
        "PYNOMALY_OUTBOUND_ALLOW": "127.0.0.1",
    }
    planted.kept("admin's password", PASSWORD)
    with fresh_url(kind) as url, installed(tmp_path, url, n_apis=1, more=more) as installation:
        if url is not None:
            installation.database_url = _with_password(url, planted("database password"))
        for port, start in zip(ports, (_start_api, _start_worker), strict=True):
            installation.more = more | {"PYNOMALY_METRICS_PORT": str(port)}
            start(installation)
        answers = _use(installation, planted)
        shown = b"".join(urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read() for port in ports)
        _rotate(installation, planted)
        _back_up(installation)
        assert installation.stop() == []
        places = {"metrics": shown, "answers": b"\n".join(answers), **_files(tmp_path), **_cells(installation, url)}
    assert len(planted.by_name) == N_SECRETS - (url is None)  # a file has no password
    assert {name: found for name, content in places.items() if (found := planted.found_in(content))} == {}
    assert planted.found_in(b"; ".join(text.encode() for text in planted.by_name.values())) == [*planted.by_name]


def _start_api(installation: Installation) -> None:
    installation.start_api(installation.ports[0])


def _start_worker(installation: Installation) -> None:
    wait_for_start([installation.start_worker()])


def _with_password(url: str, password: str) -> str:
    """Return the address with a password that the server, which trusts this machine, does not ask for."""
    with psycopg.connect(url) as connection:
        found = connection.info
        return f"postgresql://{found.user}:{quote(password, safe='')}@{found.host}:{found.port}/{found.dbname}"


def _use(installation: Installation, planted: Planted) -> list[bytes]:
    """Plant secrets over HTTP, and use them in ways that fail; return what was answered."""
    with closing(Line(installation.ports[0])) as line:
        return _used(line, planted)


def _used(line: Line, planted: Planted) -> list[bytes]:
    wait_until(lambda: _is_ready(line), 60.0, "the server is ready")
    opened = line.ask(
        "POST",
        "/sessions",
        json.dumps({"email": EMAIL, "password": PASSWORD}).encode(),
        {"Content-Type": "application/json"},
    ).content
    ask = Asking(line, {"Authorization": f"Bearer {planted.kept('access token', opened['access_token'])}"})
    planted.kept("refresh token", opened["refresh_token"])
    ask("POST", "/sessions", {"email": EMAIL, "password": planted("wrong password")})
    ask("POST", "/users", {"email": "eve@example.org", "role": "viewer", "password": planted("new user's password")})
    key = {"name": "key", "permissions": ["read"], "expires_in_days": 1}
    planted.kept("api key", ask("POST", "/api-keys", key, hands_over=True).content["key"])
    ask("GET", "/me", None, Authorization=f"Bearer {planted('forged token')}")
    login = f"http://ada:{quote(planted('password in a url'), safe='')}@127.0.0.1/"
    assert ask("POST", "/channels", {"name": "login", "kind": "slack", "secrets": {"url": login}}).status == 422
    for content in _channels(planted):
        _keep_and_break(ask, "/channels", content, planted)
    for content in _sources(planted):
        source = _keep_and_break(ask, "/sources", content, planted)
        job = ask("POST", f"/sources/{source}/pull", {"selection": _selection(content), "name": f"of {source}"})
        if job.status == 202:
            here = f"/jobs/{job.content['id']}"
            wait_until(lambda here=here: _has_failed(ask, here), 90.0, "the job has failed at least once")
            ask("POST", f"{here}/cancel")
    for path in (
        "/channels",
        "/sources",
        "/jobs",
        "/deliveries",
        "/audit",
        "/users",
        "/api-keys",
        "/notification-rules",
    ):
        assert ask("GET", path).status == 200, path
    return ask.answers


def _is_ready(line: Line) -> bool:
    try:
        return line.ask("GET", "/health/ready", None, {}).status == 200
    except OSError:
        return False


def _has_failed(ask: Asking, job: str) -> bool:
    return ask("GET", job).content["error"] is not None


def _channels(planted: Planted) -> Iterator[dict[str, object]]:
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    yield {"kind": "slack", "secrets": {"url": address + quote(planted("slack token"), safe="")}}
    signing = planted.kept("webhook secret", "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
    url = address + quote(planted("webhook token"), safe="")
    yield {"kind": "webhook", "secrets": {"url": url, "secret": signing}}
    mail = {"host": "127.0.0.1", "port": port, "user": "ada", "sender": "a@example.org", "recipients": "b@example.org"}
    yield {
        "kind": "email",
        "settings": mail,
        "secrets": {"password": planted.kept("mail password", secrets.token_hex(16) + "/+&")},
    }


def _sources(planted: Planted) -> Iterator[dict[str, object]]:
    reached = {"host": "127.0.0.1", "port": free_port(), "database": "shop", "user": "reader", "sslmode": "prefer"}
    yield {"kind": "postgresql", "settings": reached, "secrets": {"password": planted("source password")}}
    store = {"endpoint": f"http://127.0.0.1:{free_port()}", "bucket": "rows", "access_key": "AKIA"}
    hidden = {"secret_key": planted("store key"), "session_token": planted("store token")}
    yield {"kind": "s3", "settings": store, "secrets": hidden}


def _selection(content: dict[str, object]) -> dict[str, str]:
    return {"key": "orders.parquet"} if content["kind"] == "s3" else {"table": "orders"}


def _keep_and_break(ask: Asking, path: str, content: dict[str, object], planted: Planted) -> str:
    """Keep a connection, look at it, try it, change it, and get it wrong in the ways people do."""
    kept = ask("POST", path, {"name": str(content["kind"]), **content})
    assert kept.status == 201, kept.body
    here = f"{path}/{kept.content['id']}"
    assert ask("POST", f"{here}/test").status in (424, 422), "there is nobody who could answer"
    shown = ask("GET", here)
    hidden = dict(content["secrets"])  # type: ignore[call-overload]
    name, text = next(iter(hidden.items()))
    ask("POST", path, {"name": "again", **content, "secrets": hidden | {name + "s": text}})
    ask("POST", path, {"name": "again", **content, "settings": hidden})
    ask("POST", path, {"name": "again", **content, "secrets": hidden | {name: text + "\n"}})
    ask("POST", path, {"name": "again", **content, "secrets": {name: {"nested": text}}})
    tag = {"If-Match": shown.headers["etag"]}
    assert ask("PATCH", here, {"secrets": hidden}, **tag, **{"Idempotency-Key": f"change-{name}"}).status == 200
    return str(kept.content["id"])


def _rotate(installation: Installation, planted: Planted) -> None:
    """Put another master key in front and seal everything with it."""
    keys = {
        "PYNOMALY_MASTER_KEYS": f"{planted.kept('next master key', MasterKeys.new())},{planted.by_name['master key']}"
    }
    command = [*PROGRAM, "admin", "rotate-keys"]
    environment = installation.environment | keys
    done = subprocess.run(command, env=environment, cwd=installation.folder, capture_output=True, check=True)
    (installation.folder / "logs" / "rotation.log").write_bytes(done.stdout + done.stderr)


def _back_up(installation: Installation) -> None:
    command = [*PROGRAM, "admin", "backup", str(installation.folder / "backup")]
    done = subprocess.run(
        command, env=installation.environment, cwd=installation.folder, capture_output=True, check=False
    )
    (installation.folder / "logs" / "backup.log").write_bytes(done.stdout + done.stderr)
    assert (done.returncode, (installation.folder / "backup" / "manifest.json").exists()) == (0, True), done.stderr


def _files(folder: Path) -> dict[str, bytes]:
    """Return every file of home, logs and backup; there are no key files, as the keys are in the environment."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _cells(installation: Installation, url: str | None) -> dict[str, bytes]:
    """Return every table as text, as the database has it."""
    if url is None:
        with closing(sqlite3.connect(installation.home / "workspace.db")) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {
                f"table {name}": repr(connection.execute(f"SELECT * FROM {name}").fetchall()).encode() for name in names
            }
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        query = sql.SQL("SELECT t::text FROM {} AS t")
        return {
            f"table {name}": "\n".join(
                row for (row,) in connection.execute(query.format(sql.Identifier(name))).fetchall()
            ).encode()
            for (name,) in found
        }
