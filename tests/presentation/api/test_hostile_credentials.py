"""Tokens and keys that nobody was given, over HTTP: none opens anything, and every refusal is the same sentence."""

import base64
import hmac
import json
import time

import jwt
import pytest

from pynomaly.assembly.people import signing_key_of
from pynomaly.domain.access import Permission, Role
from tests.service.installed import PREFIX, signed_in
from tests.service.statuses import status_of

HEADER = {"alg": "HS256", "typ": "at+jwt"}


@pytest.fixture(scope="module")
def token(here):
    return here.tokens[Role.ADMIN]


@pytest.fixture(scope="module")
def key(installation):
    return signing_key_of(installation.shared.settings)


@pytest.fixture(scope="module")
def claims(token):
    return _read(token.split(".")[1])


def _read(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _part(content):
    return _text(json.dumps(content, separators=(",", ":")).encode())


def _text(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _forged(header, claims, signature=""):
    return f"{_part(header)}.{_part(claims)}.{signature}"


def tokens(here, installation, token, key, claims):
    """Return hostile tokens by what they try; whoever wrote them may know everything but the key, or even that."""
    head, body, signature = token.split(".")
    now = int(time.time())

    def signed(more_claims=None, header=None, with_key=key, algorithm="HS256"):
        return jwt.encode({**claims, **(more_claims or {})}, with_key, algorithm, headers={**HEADER, **(header or {})})

    there = installation.elsewhere.furniture
    viewer = here.furniture.users[Role.VIEWER]
    return {
        "no algorithm": _forged({**HEADER, "alg": "none"}, claims),
        "no algorithm, with a signature": _forged({**HEADER, "alg": "none"}, claims, signature),
        "no signature": f"{head}.{body}.",
        "somebody else's signature": f"{head}.{_part({**claims, 'sub': viewer})}.{signature}",
        "another key": signed(with_key="another key of at least thirty-two bytes"),
        "an empty key": f"{head}.{body}." + _text(hmac.digest(b"", f"{head}.{body}".encode(), "sha256")),
        "another algorithm": signed(header={"alg": "HS512"}, algorithm="HS512"),
        "a key id": signed(header={"kid": "../../dev/null"}),
        "a key by address": signed(header={"jku": "http://127.0.0.1/keys"}),
        "a critical extension": signed(header={"crit": ["exp"]}),
        "another type": signed(header={"typ": "JWT"}),
        "run out": signed({"iat": now - 2000, "nbf": now - 2000, "exp": now - 1200}),
        "not yet begun": signed({"iat": now + 600, "nbf": now + 600, "exp": now + 1200}),
        "good for a year": signed({"exp": now + 365 * 86_400}),
        "another audience": signed({"aud": "another-api"}),
        "another issuer": signed({"iss": "another"}),
        "another workspace": signed({"tid": there.tenant_id}),
        "an older login": signed({"ver": claims["ver"] - 1}),
        "a claim too many": signed({"role": "admin"}),
        "a claim too few": jwt.encode({k: v for k, v in claims.items() if k != "jti"}, key, headers=HEADER),
        "nobody's": signed({"sub": "0" * 32}),
        "endless": token + "A" * 5000,
        "spaces within": token.replace(".", ". "),
        "padded": token + "=",
    }


TRIES = (
    "no algorithm", "no algorithm, with a signature", "no signature", "somebody else's signature", "another key",
    "an empty key", "another algorithm", "a key id", "a key by address", "a critical extension", "another type",
    "run out", "not yet begun", "good for a year", "another audience", "another issuer", "another workspace",
    "an older login", "a claim too many", "a claim too few", "nobody's", "endless", "spaces within", "padded",
)  # fmt: skip


@pytest.mark.parametrize("name", TRIES)
def test_a_hostile_token_opens_nothing(installation, here, token, key, claims, name):
    hostile = tokens(here, installation, token, key, claims)
    assert hostile.keys() == set(TRIES)
    assert_refused(here.ask_with(hostile[name], "GET", "/me"))


def test_the_token_they_are_made_of_is_a_good_one(here, token, key, claims):
    assert here.ask_with(token, "GET", "/me").status_code == 200
    again = jwt.encode(claims, key, headers=HEADER)
    assert here.ask_with(again, "GET", "/me").status_code == 200


def assert_refused(answer):
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    problem = answer.json()
    assert problem["type"] == "/problems/not-signed-in"
    assert problem["detail"] == "Sign in first: no valid token or key came with the request."


def test_a_hostile_key_opens_nothing(installation, here):
    good = here.keys[Permission.READ]
    _, key_id, secret = good.split("_", 2)
    other = here.keys[Permission.SCORE].split("_", 2)
    expired = here.post("/api-keys", json={"name": "for comparison", "permissions": ["read"]})
    here.post(f"/api-keys/{expired['id']}/revoke")
    assert here.ask_with(good, "GET", "/me").status_code == 200
    for hostile in (
        f"pyn_{key_id}_{secret[:-1]}",
        f"pyn_{key_id}_{secret}A",
        f"pyn_{key_id}_{secret.swapcase()}",
        f"pyn_{other[1]}_{secret}",
        f"pyn_{'0' * 32}_{secret}",
        f"pyn_{key_id.upper()}_{secret}",
        f"PYN_{key_id}_{secret}",
        f"pyn__{secret}",
        "pyn_" + "%" * 32 + f"_{secret}",
        f"{key_id}_{secret}",
        secret,
        expired["key"],
    ):
        assert_refused(here.ask_with(hostile, "GET", "/me"))


@pytest.mark.parametrize(
    "form", ["{}", "Basic {}", "Token {}", "Bearer:{}", "Bearer\t{}", "Bearer {}, Bearer {}", "Bearer", "Bearer ", ""]
)
def test_credentials_come_in_one_form(here, token, form):
    headers = {"Authorization": form.format(token, token)}
    assert_refused(here.client.get(f"{PREFIX}/me", headers=headers))


def test_two_authorizations_are_one_too_many(here, token):
    headers = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    answer = here.client.get(f"{PREFIX}/me", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed-request")


@pytest.mark.parametrize("place", ["access_token", "token", "api_key"])
def test_credentials_in_an_address_or_a_cookie_are_not_looked_at(here, token, place):
    assert_refused(here.client.get(f"{PREFIX}/me", params={place: token}))
    assert_refused(here.client.get(f"{PREFIX}/me", headers={"Cookie": f"{place}={token}"}))


def test_a_password_is_no_token_and_a_token_no_password(here, token):
    assert signed_in(here.client, here.furniture.emails[Role.ADMIN])
    body = {"email": here.furniture.emails[Role.ADMIN], "password": token[:256]}
    assert here.client.post(f"{PREFIX}/sessions", json=body).status_code == 401


@pytest.mark.parametrize(
    "raw", [b"Bearer \xff\xfe", b"Bearer a\x00b", "Bearer ключ".encode(), b"Bearer " + b"." * 9000]
)
def test_bytes_that_are_no_text_are_refused_like_the_rest(here, raw):
    assert_refused(here.client.get(f"{PREFIX}/me", headers={b"Authorization": raw}))


def test_whoever_keeps_trying_from_one_address_is_made_to_wait(installation):
    from_one_address = installation.application.application
    tries = [status_of(from_one_address, "GET", f"{PREFIX}/me", {"Authorization": f"Bearer {n}"}) for n in range(125)]
    statuses = [status for status, _ in tries]
    assert statuses[:60] == [401] * 60
    assert 429 in statuses[60:]  # a new minute may have begun once
    refused = json.loads(tries[statuses.index(429)][1])
    assert refused["type"] == "/problems/too-many-requests"
