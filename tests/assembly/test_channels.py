"""Every kind of channel through the guard: to receivers that behave well or badly, and to none of those inside."""

import base64
import json
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import pytest
from standardwebhooks import Webhook

from pynomaly.application.messages import channel_test
from pynomaly.application.ports.notifier import NotifierCatalog
from pynomaly.assembly.channels import MAIL_PORTS, catalog_through, notifier_catalog
from pynomaly.assembly.outbound import guard_of
from pynomaly.domain.errors import DestinationRefused, InvalidRequest, RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.outbound.addresses import read_networks
from pynomaly.infrastructure.outbound.guard import OutboundGuard
from pynomaly.infrastructure.settings import Settings
from tests.infrastructure.notifications.mail_servers import PASSWORD, USER, Mailbox, mail_server
from tests.infrastructure.notifications.scripted_mail import STEPS, scripted
from tests.infrastructure.outbound.hostile_places import Names, hostile_mail_servers, hostile_urls, names
from tests.infrastructure.outbound.receivers import own_certificate, receiver, request_of

SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()
HERE = Settings(Path("nowhere"), None, {}, outbound_allow=("127.0.0.0/8", "::1"))
MESSAGE = channel_test("m1", datetime(2026, 3, 1, 12, tzinfo=UTC), channel_id="c1", channel_name="ops")


def _now() -> datetime:
    return datetime.now(UTC)


def _send(catalog: NotifierCatalog, kind: str, **given: object) -> None:
    catalog.open(kind, catalog.kind(kind).checked(given)).send(MESSAGE)


def _by_http(catalog: NotifierCatalog, kind: str, url: str) -> None:
    _send(catalog, kind, url=url, **({"secret": SECRET} if kind == "webhook" else {}))


def _by_mail(catalog: NotifierCatalog, host: str, port: int, security: str = "starttls", **given: object) -> None:
    addresses = {"sender": "a@own.example", "recipients": "b@own.example"}
    _send(catalog, "email", host=host, port=port, security=security, **addresses, **given)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return own_certificate(tmp_path_factory.mktemp("certificate"), "localhost")


@pytest.fixture
def here(certificate) -> Callable[..., NotifierCatalog]:
    """Return the channels of a program that may connect to this machine, and trusts its certificate."""
    return partial(catalog_through, partial(guard_of, HERE), _now, lambda: certificate[1])


# To receivers that behave well


@pytest.fixture
def web_receiver(certificate) -> Iterator[tuple[int, SimpleQueue]]:
    heard: SimpleQueue[bytes] = SimpleQueue()

    def behave(connection: socket.socket) -> None:
        heard.put(request_of(connection))
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with receiver(behave, certificate[0]) as port:
        yield port, heard


def _taken_apart(request: bytes) -> tuple[dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    return dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:]), body


def test_a_signed_webhook_arrives_over_tls_and_verifies(here, web_receiver) -> None:
    port, heard = web_receiver
    _by_http(here(), "webhook", f"https://localhost:{port}/hook")
    headers, body = _taken_apart(heard.get(timeout=5.0))
    assert Webhook(SECRET).verify(body, headers)["data"]["channel_name"] == "ops"
    assert headers["webhook-id"] == "m1"


def test_a_post_for_slack_arrives_over_tls(here, web_receiver) -> None:
    port, heard = web_receiver
    _by_http(here(), "slack", f"https://localhost:{port}/services/x")
    _, body = _taken_apart(heard.get(timeout=5.0))
    assert json.loads(body)["text"] == MESSAGE.title


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_an_email_arrives_over_tls(here, certificate, security: str) -> None:
    mailbox, (serving, _) = Mailbox(), certificate
    how = {"starttls": serving} if security == "starttls" else {"tls": serving}
    with mail_server(mailbox, wants_password=True, **how) as port:
        _by_mail(here(), "localhost", port, security, user=USER, password=PASSWORD)
    assert mailbox.were_encrypted == [True]


def test_whoever_is_vouched_for_by_no_authority_gets_nothing(web_receiver, certificate) -> None:
    port, heard = web_receiver
    as_installed = notifier_catalog(HERE, _now)
    with pytest.raises(RemoteUnavailable, match=r"^localhost gave no answer: .*self.signed certificate"):
        _by_http(as_installed, "slack", f"https://localhost:{port}/services/x")
    mailbox = Mailbox()
    with mail_server(mailbox, starttls=certificate[0]) as port, pytest.raises(RemoteUnavailable, match="certificate"):
        _by_mail(as_installed, "localhost", port)
    assert heard.empty()
    assert mailbox.envelopes == []


# To receivers that behave badly


class Stubborn:
    """A receiver that outlasts every sender; it notes of each whether it was left, or got its way for a minute."""

    def __init__(self) -> None:
        self.was_left: SimpleQueue[bool] = SimpleQueue()
        self._left = threading.Event()

    def hang(self, _connection: socket.socket) -> None:
        self.was_left.put(self._left.wait(60.0))

    def drip(self, connection: socket.socket) -> None:
        for _ in range(1200):
            if self._left.wait(0.05):
                break
            connection.sendall(b"2")
        self.was_left.put(self._left.is_set())

    def leave(self) -> None:
        self._left.set()


def _left_in_time(stubborn: Stubborn, send: Callable[[], None]) -> bool:
    with pytest.raises(RemoteUnavailable, match=r"^localhost gave no answer within 0\.3 s$"):
        send()
    stubborn.leave()
    return stubborn.was_left.get(timeout=5.0)


@pytest.mark.parametrize("behaviour", ["hang", "drip"])
@pytest.mark.parametrize("step", STEPS)
def test_a_mail_server_that_stops_at_some_step_is_left(here, step: str, behaviour: str) -> None:
    stubborn = Stubborn()
    how = getattr(stubborn, behaviour)
    with receiver(scripted({step: how, "HELO": how})) as port:
        assert _left_in_time(stubborn, lambda: _by_mail(here(seconds=0.3), "localhost", port, "none"))


@pytest.mark.parametrize("behaviour", ["hang", "drip"])
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mail_server_that_stops_in_the_handshake_is_left(here, security: str, behaviour: str) -> None:
    stubborn = Stubborn()

    def handshake(connection: socket.socket) -> None:
        if security == "starttls":
            connection.sendall(b"220 go on\r\n")
        connection.sendall(b"\x16\x03\x03\x40\x00")  # a long record begins
        getattr(stubborn, behaviour)(connection)

    offers = {"EHLO": b"250-own.example\r\n250 STARTTLS\r\n", "STAR": handshake}
    behave = scripted(offers) if security == "starttls" else handshake
    with receiver(behave) as port:
        assert _left_in_time(stubborn, lambda: _by_mail(here(seconds=0.3), "localhost", port, security))


def test_what_was_said_before_encryption_counts_for_nothing(here, certificate) -> None:
    """Who sits in between may add to what the server says in the clear; it must not be taken for what follows."""

    def encrypt(connection: socket.socket) -> None:
        connection.sendall(b"220 go on\r\n250-localhost\r\n250 AUTH PLAIN\r\n235 welcome\r\n")
        with certificate[0].wrap_socket(connection, server_side=True) as encrypted:
            scripted({"greeting": b"", "AUTH": b"535 not you\r\n"})(encrypted)

    offers = {"EHLO": b"250-localhost\r\n250 STARTTLS\r\n", "STAR": encrypt}
    with receiver(scripted(offers)) as port, pytest.raises((RemoteRefused, RemoteUnavailable)) as raised:
        _by_mail(here(), "localhost", port, user=USER, password=PASSWORD)
    assert str(raised.value) == "localhost answered 535: not you"


@pytest.mark.parametrize("behaviour", ["hang", "drip"])
@pytest.mark.parametrize("kind", ["slack", "webhook"])
def test_a_web_server_that_stops_is_left(here, kind: str, behaviour: str) -> None:
    stubborn = Stubborn()

    def behave(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1")
        getattr(stubborn, behaviour)(connection)

    with receiver(behave) as port:
        assert _left_in_time(stubborn, lambda: _by_http(here(seconds=0.3), kind, f"http://localhost:{port}/"))


@pytest.mark.parametrize("behaviour", ["hang", "drip"])
@pytest.mark.parametrize(
    "length", [b"Content-Length: 9999", b"Transfer-Encoding: chunked\r\n\r\nfff", b"X-Length: none"]
)
def test_what_was_answered_counts_though_more_was_promised(here, length: bytes, behaviour: str) -> None:
    stubborn = Stubborn()

    def behave(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n\r\n")
        getattr(stubborn, behaviour)(connection)

    with receiver(behave) as port:
        _by_http(here(seconds=0.3), "webhook", f"http://localhost:{port}/")
        stubborn.leave()
        assert stubborn.was_left.get(timeout=5.0)


@pytest.mark.parametrize("kind", ["slack", "webhook"])
def test_a_web_server_that_is_busy_says_for_how_long(here, kind: str) -> None:
    def behave(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nbusy")

    with receiver(behave) as port, pytest.raises(RemoteUnavailable, match="localhost answered 503: busy") as raised:
        _by_http(here(), kind, f"http://localhost:{port}/")
    assert raised.value.retry_after_seconds == 7.0


# To none of those inside


class Wire:
    """A socket layer that connects to nobody, writes down whom it was to connect to, and may answer for them."""

    def __init__(self, answer: bytes | None = None) -> None:
        self.connected: list[tuple[str, int]] = []
        self._answer = answer
        self._open: list[socket.socket] = []

    def __call__(self, place: tuple[str, int], seconds: float) -> socket.socket:
        self.connected.append(place)
        if self._answer is None:
            raise ConnectionRefusedError(111, "Connection refused")
        ours, theirs = socket.socketpair()
        ours.settimeout(seconds)
        theirs.sendall(self._answer)
        theirs.shutdown(socket.SHUT_WR)
        self._open.append(theirs)  # what is sent has to go somewhere
        return ours

    def close(self) -> None:
        for theirs in self._open:
            theirs.close()


def _on(wire: Wire, resolve=None, *allowed: str) -> NotifierCatalog:
    networks, resolved = read_networks(allowed, origin="here"), resolve or names()
    return catalog_through(lambda ports: OutboundGuard(ports, networks, resolve=resolved, connect=wire), _now)


def test_there_are_many_hostile_places_for_each_kind() -> None:
    assert min(len(set(hostile_urls())), len(set(hostile_mail_servers()))) >= 300


@pytest.mark.parametrize("kind", ["slack", "webhook"])
@pytest.mark.parametrize("url", hostile_urls())
def test_no_channel_posts_to_a_hostile_url_or_tells_what_is_behind_its_host(kind: str, url: str) -> None:
    wire = Wire()
    with pytest.raises((InvalidRequest, RemoteUnavailable)) as raised:
        _by_http(_on(wire), kind, url)
    assert wire.connected == []
    assert not any(word in str(raised.value) for word in ("hook", "user:", "secret@"))


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_no_channel_mails_through_a_hostile_server(security: str) -> None:
    wire = Wire()
    for host, port in hostile_mail_servers():
        with pytest.raises((InvalidRequest, RemoteUnavailable)):
            _by_mail(_on(wire), host, port, security)
    assert wire.connected == []


def test_unencrypted_mail_does_not_go_out_even_to_honest_servers() -> None:
    wire = Wire()
    with pytest.raises(DestinationRefused, match=r"nothing goes out to honest\.example unencrypted"):
        _by_mail(_on(wire), "honest.example", 587, "none")
    assert wire.connected == []


@pytest.mark.parametrize("kind", ["slack", "webhook"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_leads_anywhere(kind: str, status: int) -> None:
    for url in hostile_urls():
        location = url.encode("utf-8", "replace").replace(b"\r\n", b"")
        answer = b"HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % (status, location)
        with closing(Wire(answer)) as wire:
            with pytest.raises(RemoteRefused, match=f"answered {status}; redirects are not followed"):
                _by_http(_on(wire, None, "10.0.0.0/8"), kind, "http://inside.example/")
            assert wire.connected == [("10.0.0.5", 80)]


@pytest.mark.parametrize(
    ("send", "port"),
    [
        (lambda catalog: _by_http(catalog, "slack", "https://turning.example/"), 443),
        (lambda catalog: _by_http(catalog, "webhook", "https://turning.example/"), 443),
        (lambda catalog: _by_mail(catalog, "turning.example", 587), 587),
    ],
)
def test_a_name_that_means_something_else_a_moment_later_leads_where_it_was_checked(send, port: int) -> None:
    wire, rebinding = Wire(), Names(turning=[["1.1.1.1"], ["127.0.0.1"], ["10.0.0.5"]])
    with pytest.raises(RemoteUnavailable, match=r"turning\.example:\d+ does not answer: Connection refused"):
        send(_on(wire, rebinding))
    assert (wire.connected, rebinding.asked) == ([("1.1.1.1", port)], ["turning.example"])


@pytest.mark.parametrize("kind", ["slack", "webhook"])
def test_honest_places_are_reached_through_the_same_layer(kind: str) -> None:
    """Without this one, a layer that connects nobody would pass all the others."""
    wire = Wire()
    for url in ("https://honest.example/hook", "https://honest.example:8443/hook", "https://1.1.1.1/hook"):
        with pytest.raises(RemoteUnavailable, match="does not answer: Connection refused"):
            _by_http(_on(wire), kind, url)
    for port in sorted(MAIL_PORTS):
        with pytest.raises(RemoteUnavailable, match="does not answer: Connection refused"):
            _by_mail(_on(wire), "honest.example", port)
    assert wire.connected == [("1.1.1.1", port) for port in (443, 8443, 443, 465, 587, 2525)]


def test_having_the_channels_at_hand_imports_nothing_that_speaks_to_others() -> None:
    code = (
        "import sys; from datetime import datetime; from pathlib import Path\n"
        "from pynomaly.assembly.channels import notifier_catalog\n"
        "from pynomaly.infrastructure.settings import Settings\n"
        "assert notifier_catalog(Settings(Path('nowhere'), None, {}), datetime.now).kinds()\n"
        "print([name for name in ('ssl', 'smtplib', 'http.client', 'email.policy') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ended.stdout == "[]\n"
