import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from pynomaly.domain.access import Role
from pynomaly.domain.errors import NotSignedIn
from pynomaly.domain.user import User
from pynomaly.infrastructure.credentials.access_tokens import SignedTokens

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
KEY = bytes(range(64, 96))
TOKENS = SignedTokens(KEY)
USER = User("a" * 32, "b" * 32, "ada@example.org", "Ada", Role.ADMIN, "hash", 7, True, 0, None, NOON)
HEADER = {"alg": "HS256", "typ": "at+jwt"}
NOW = int(NOON.timestamp())
CLAIMS = {
    "iss": "pynomaly",
    "aud": "pynomaly-api",
    "sub": USER.id,
    "tid": USER.tenant_id,
    "ver": 7,
    "iat": NOW,
    "nbf": NOW,
    "exp": NOW + 900,
    "jti": "c" * 32,
}
PUBLIC_KEY = b"-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK\n-----END PUBLIC KEY-----\n"


def part(content) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(header=HEADER, claims=CLAIMS, *, key=KEY, digest=hashlib.sha256, signature=None) -> str:
    signed = f"{part(header)}.{part(claims)}"
    made = hmac.new(key, signed.encode(), digest).digest() if signature is None else signature
    return f"{signed}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def untidy() -> str:
    """The good claims in base64 whose last character has a bit more than is read; the signature fits."""
    claims = part(json.dumps(CLAIMS).encode() + b" " * ((1 - len(json.dumps(CLAIMS))) % 3))
    assert claims[-1] in "AQgw"  # four bits of the last character are open
    signed = f"{part(HEADER)}.{claims[:-1]}{chr(ord(claims[-1]) + 1)}"
    return f"{signed}.{part(hmac.new(KEY, signed.encode(), hashlib.sha256).digest())}"


def but(**changes) -> dict:
    return {name: value for name, value in (CLAIMS | changes).items() if value is not ...}


def headed(**changes) -> dict:
    return {name: value for name, value in (HEADER | changes).items() if value is not ...}


GOOD = token()
HOSTILE = {
    "empty": "",
    "a word": "token",
    "two parts": ".".join(GOOD.split(".")[:2]),
    "five parts, as encrypted ones have": GOOD + ".a.b",
    "no signature": GOOD.rpartition(".")[0] + ".",
    "alg none": token(headed(alg="none")),
    "alg none without a signature": token(headed(alg="none"), signature=b""),
    "alg NONE": token(headed(alg="NONE"), signature=b""),
    "alg nOnE": token(headed(alg="nOnE"), signature=b""),
    "no alg": token(headed(alg=...)),
    "alg null": token(headed(alg=None)),
    "alg a list": token(headed(alg=["HS256"])),
    "alg HS384": token(headed(alg="HS384"), digest=hashlib.sha384),
    "alg HS512": token(headed(alg="HS512"), digest=hashlib.sha512),
    "alg hs256": token(headed(alg="hs256")),
    "alg RS256 signed with a public key": token(headed(alg="RS256"), key=PUBLIC_KEY),
    "HS256 signed with a public key": token(key=PUBLIC_KEY),
    "alg ES256 with a signature of zeros": token(headed(alg="ES256"), signature=bytes(64)),
    "alg PS256": token(headed(alg="PS256")),
    "alg EdDSA": token(headed(alg="EdDSA"), signature=bytes(64)),
    "signed with an empty key": token(key=b""),
    "signed with another key": token(key=b"k" * 32),
    "a signature of zeros": token(signature=bytes(32)),
    "a signature cut short": GOOD[:-4],
    "a signature too long": GOOD + "AA",
    "another token's signature": f"{token(claims=but(ver=8)).rpartition('.')[0]}.{GOOD.rpartition('.')[2]}",
    "claims changed after signing": f"{part(HEADER)}.{part(but(sub='d' * 32))}.{GOOD.rpartition('.')[2]}",
    "kid as a path": token(headed(kid="../../../../dev/null"), key=b""),
    "kid as SQL": token(headed(kid="' UNION SELECT 'k' --")),
    "kid as a command": token(headed(kid="|/bin/id")),
    "jku": token(headed(jku="https://attacker.example/keys.json")),
    "jwk": token(headed(jwk={"kty": "oct", "k": part(KEY)})),
    "x5u": token(headed(x5u="https://attacker.example/cert.pem")),
    "x5c": token(headed(x5c=["MIIB"])),
    "crit": token(headed(crit=["exp"])),
    "crit with an unknown name": token(headed(crit=["bork"], bork=True)),
    "b64 false": token(headed(b64=False, crit=["b64"])),
    "zip": token(headed(zip="DEF")),
    "cty JWT": token(headed(cty="JWT")),
    "typ JWT": token(headed(typ="JWT")),
    "typ missing": token(headed(typ=...)),
    "typ AT+JWT": token(headed(typ="AT+JWT")),
    "typ of a refresh token": token(headed(typ="rt+jwt")),
    "header is a list": token([1]),
    "header is no JSON": token(b"{alg:HS256}"),
    "header names alg twice": token(b'{"alg":"none","alg":"HS256","typ":"at+jwt"}'),
    "header not UTF-8": token(b'{"alg":"HS256","typ":"at+jwt\xff"}'),
    "expired": token(claims=but(iat=NOW - 1000, nbf=NOW - 1000, exp=NOW - 100)),
    "expired just past the leeway": token(claims=but(iat=NOW - 930, nbf=NOW - 930, exp=NOW - 30)),
    "not yet valid": token(claims=but(nbf=NOW + 60)),
    "issued in the future": token(claims=but(iat=NOW + 60, nbf=NOW + 60, exp=NOW + 900)),
    "issued in the future, valid already": token(claims=but(iat=NOW + 60)),
    "nbf true": token(claims=but(nbf=True)),
    "valid for a year": token(claims=but(exp=NOW + 365 * 86400)),
    "valid for a second too long": token(claims=but(exp=NOW + 901)),
    "ends before it begins": token(claims=but(exp=NOW - 1)),
    "exp as text": token(claims=but(exp=str(NOW + 900))),
    "exp as a fraction": token(claims=but(exp=NOW + 899.5)),
    "exp true": token(claims=but(exp=True)),
    "exp NaN": token(claims=json.dumps(CLAIMS).replace(str(NOW + 900), "NaN").encode()),
    "exp 1e999": token(claims=json.dumps(CLAIMS).replace(str(NOW + 900), "1e999").encode()),
    "exp huge": token(claims=but(exp=10**30)),
    "exp of four hundred digits": token(claims=but(exp=10**400)),
    "iat of four hundred digits": token(claims=but(iat=-(10**400))),
    "exp negative": token(claims=but(exp=-1)),
    "exp missing": token(claims=but(exp=...)),
    "nbf missing": token(claims=but(nbf=...)),
    "iat missing": token(claims=but(iat=...)),
    "jti missing": token(claims=but(jti=...)),
    "jti a number": token(claims=but(jti=5)),
    "another audience": token(claims=but(aud="other-api")),
    "audience in a list": token(claims=but(aud=["pynomaly-api"])),
    "audience among others": token(claims=but(aud=["pynomaly-api", "other"])),
    "audience missing": token(claims=but(aud=...)),
    "audience null": token(claims=but(aud=None)),
    "another issuer": token(claims=but(iss="https://attacker.example")),
    "issuer missing": token(claims=but(iss=...)),
    "subject missing": token(claims=but(sub=...)),
    "subject a number": token(claims=but(sub=1)),
    "subject empty": token(claims=but(sub="")),
    "subject a path": token(claims=but(sub="../admin")),
    "workspace missing": token(claims=but(tid=...)),
    "workspace a list": token(claims=but(tid=["b" * 32])),
    "login version missing": token(claims=but(ver=...)),
    "login version as text": token(claims=but(ver="7")),
    "login version true": token(claims=but(ver=True)),
    "a role smuggled in": token(claims=but(role="admin")),
    "claims are a list": token(claims=[1, 2]),
    "claims are text": token(claims=b'"x"'),
    "claims are no JSON": token(claims=b"{"),
    "claims name sub twice": token(claims=(json.dumps(CLAIMS)[:-1] + f', "sub": "{"e" * 32}"}}').encode()),
    "nested a thousand deep": token(claims=b"[" * 900 + b"]" * 900),
    "claims with bits that base64 leaves open, signed": untidy(),
    "padding in base64": ".".join(piece + "=" for piece in GOOD.split(".")),
    "standard base64 alphabet": GOOD.replace("-", "+").replace("_", "/") + "+",
    "space inside": GOOD[:20] + " " + GOOD[20:],
    "newline at the end": GOOD + "\n",
    "NUL inside": GOOD[:20] + "\0" + GOOD[20:],
    "letters beyond ASCII": GOOD[:-1] + "ä",
    "five thousand characters": token(claims=but(jti="x" * 5000)),
    "a megabyte": "a" * 2**20,
}


def test_a_token_that_was_issued_is_read():
    text, expires_at = TOKENS.issue(USER, NOON)
    claims = TOKENS.read(text, NOON + timedelta(minutes=14))
    assert (claims.user_id, claims.tenant_id, claims.login_version) == (USER.id, USER.tenant_id, 7)
    assert claims.expires_at == expires_at == NOON + timedelta(minutes=15)


def test_the_token_the_hostile_ones_are_made_from_is_good():
    assert TOKENS.read(GOOD, NOON).user_id == USER.id
    assert TOKENS.read(GOOD, NOON + timedelta(seconds=929)).user_id == USER.id  # clocks differ a little


def test_there_are_more_than_sixty_hostile_ones():
    assert len(HOSTILE) > 60
    assert len(set(HOSTILE.values())) == len(HOSTILE)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_token_is_refused(text):
    with pytest.raises(NotSignedIn):
        TOKENS.read(text, NOON)


def test_bits_that_base64_leaves_open_are_no_second_way_to_write_a_token():
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    accepted = []
    for last in alphabet:
        try:
            TOKENS.read(GOOD[:-1] + last, NOON)
            accepted.append(last)
        except NotSignedIn:
            continue
    assert accepted == [GOOD[-1]]


def test_no_two_tokens_are_alike():
    assert TOKENS.issue(USER, NOON)[0] != TOKENS.issue(USER, NOON)[0]


def test_the_key_is_not_in_the_representation():
    assert "key" not in repr(TOKENS)
