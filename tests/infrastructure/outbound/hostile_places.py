"""Places that nobody may be led to: every way to write or to name what lies inside."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address
from itertools import cycle

from tests.infrastructure.outbound.test_addresses import INSIDE, OUTSIDE

TARGETS = (
    "127.0.0.1",
    "10.0.0.5",
    "169.254.169.254",
    "192.168.1.1",
    "100.100.100.200",
    "172.31.255.254",
    "192.0.0.192",
    "0.0.0.0",  # noqa: S104 - it is connected to by nobody
)
PORTS = (
    1,
    7,
    19,
    22,
    23,
    25,
    53,
    110,
    111,
    135,
    139,
    143,
    389,
    445,
    1433,
    2375,
    3306,
    5432,
    6379,
    8086,
    9200,
    11211,
    27017,
)
"""Where things listen that are spoken to by accident, or not at all."""


class Names:
    """A resolver that knows what each name means, and gives the next meaning each time it is asked."""

    def __init__(self, **meanings: Sequence[Sequence[str]]) -> None:
        self._meanings = {name.replace("_", "-") + ".example": cycle(each) for name, each in meanings.items()}
        self.asked: list[str] = []

    def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        if host not in self._meanings:
            raise OSError("Name or service not known")
        return next(self._meanings[host])


def names() -> Names:
    """Return names that lead inside: at once, in company, or only when asked again."""
    return Names(
        honest=[["1.1.1.1"]],
        inside=[["10.0.0.5"]],
        mapped=[["::ffff:127.0.0.1"]],
        translated=[["64:ff9b::a9fe:a9fe"]],
        six_to_four=[["2002:a00:5::1"]],
        teredo=[["2001:0:101:101:0:0:f5ff:fffa"]],
        isatap=[["2a00:1450:4001::5efe:a00:5"]],
        compatible=[["::7f00:1"]],
        unspecified=[["0.0.0.0"]],  # noqa: S104
        metadata=[["169.254.169.254"]],
        turning_public=[["10.0.0.5"], ["1.1.1.1"], ["10.0.0.5"]],
        mixed=[["1.1.1.1", "127.0.0.1"]],
        mixed_families=[["2606:4700:4700::1111", "::1"]],
        last=[["1.1.1.1", "8.8.8.8", "9.9.9.9", "fd00:ec2::254"]],
        rebinding=[["127.0.0.1"], ["1.1.1.1"]],
        scoped=[["fe80::1%lo"]],
        nonsense=[["not an address"]],
        nowhere=[[]],
    )


NAMES_INSIDE = [
    f"{name}.example"
    for name in [
        "inside",
        "mapped",
        "translated",
        "six-to-four",
        "teredo",
        "isatap",
        "compatible",
        "unspecified",
        "metadata",
        "turning-public",
        "mixed",
        "mixed-families",
        "last",
        "rebinding",
        "scoped",
        "nonsense",
        "nowhere",
        "unknown",
    ]
]


def in_other_notations(target: str) -> Iterator[str]:
    """Yield an IPv4 address in every notation that some parser understands."""
    address = IPv4Address(target)
    a, b, c, d = address.packed
    number = int(address)
    yield from (str(number), hex(number), f"0{number:o}", f"0x{number:08X}", f"{number + 2**32}")
    yield from (f"{a}.{number & 0xFFFFFF}", f"{a}.{b}.{number & 0xFFFF}", f"0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}")
    yield from (f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"{a:03}.{b:03}.{c:03}.{d:03}", f"0{a:03o}.{b}.{c}.{d}", f"{target}.")
    yield from (f"{a}.{b}.{c}.{d + 256}", f"{target}%00", f"{target}%2e", f"{target}\\t", f"{target}#", f"{target} ")
    yield from ("".join(chr(0xFF10 + int(digit)) if digit.isdigit() else "。" for digit in target),)
    yield from (
        f"[::ffff:{target}]",
        f"[::{target}]",
        f"[64:ff9b::{target}]",
        f"[::ffff:{a:02x}{b:02x}:{c:02x}{d:02x}]",
    )
    yield from (f"[2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1]", f"[::ffff:0:{target}]", f"[::{target}%25lo]")
    mirrored = 0xFFFF_FFFF - number
    yield from (f"[2001:0:101:101:0:0:{mirrored >> 16:x}:{mirrored & 0xFFFF:x}]", f"[2a00:1450:4001::5efe:{target}]")
    yield from (
        f"[64:ff9b:1::{target}]",
        f"[::ffff:{target}%25eth0]",
        f"[::ffff:{number}]",
        f"{target}:",
        f"{target},1.1.1.1",
    )


def hostile_hosts() -> list[str]:
    """Return hosts that lead inside, or would if somebody understood them."""
    literals = [f"[{text}]" if ":" in text else text for text in INSIDE]
    notations = [host for target in TARGETS for host in in_other_notations(target)]
    odd = ["", ".", "..", "localhost", "localhost.", "LOCALHOST", "ip6-localhost", "-", "a..b", "a" * 64 + ".example"]
    odd += [
        "[",
        "[]",
        "[::1",
        "::1]",
        "[127.0.0.1]",
        "*.example",
        "exa mple",
        "exámple",
        "a\0b.example",
        "x\r\nHost: y",
    ]
    return [*dict.fromkeys([*literals, *notations, *odd, *NAMES_INSIDE])]


def hostile_urls() -> list[str]:
    """Return URLs that lead inside, by host, by scheme or because readers disagree about them."""
    by_host = [f"https://{host}/hook" for host in hostile_hosts()]
    schemes = [
        "ftp",
        "file",
        "gopher",
        "dict",
        "ldap",
        "tftp",
        "sftp",
        "ws",
        "wss",
        "jar",
        "data",
        "javascript",
        "unix",
        "HTTPS+unix",
        "netdoc",
    ]
    by_scheme = [f"{scheme}://honest.example/hook" for scheme in schemes]
    by_port = [f"https://honest.example:{port}/" for port in (*PORTS, 0, 80, 65536, -1)]
    by_port += [f"http://honest.example{port}/" for port in ("", ":80", ":443", ":8080")]
    ambiguous = [
        "https://honest.example@127.0.0.1/",
        "https://127.0.0.1@honest.example/",
        "https://honest.example:443@127.0.0.1/",
        "https://user:secret@honest.example/",
        "https://honest.example\\@127.0.0.1/",
        "https://127.0.0.1\\.honest.example/",
        "https://honest.example%00.127.0.0.1/",
        "https://honest.example%2f@127.0.0.1/",
        "https://honest.example /",
        " https://honest.example/",
        "https:///honest.example/",
        "https:honest.example",
        "//honest.example/",
        "honest.example",
        "https://honest.example/\r\nX-Header: 1",
        "https://honest.example/\thook",
        "https://honest.example/ü",
        "https://[::1]honest.example/",
        "https://honest.example:443:443/",
        "https://honest.example:４４３/",
        "",
    ]
    return [*by_host, *by_scheme, *by_port, *ambiguous]


def hostile_mail_servers() -> list[tuple[str, int]]:
    """Return hosts and ports that lead inside, or to what is no mail server."""
    return [*((host, 587) for host in hostile_hosts()), *(("honest.example", port) for port in (*PORTS, 80, 443))]


HONEST = [f"[{text}]" if ":" in text else text for text in OUTSIDE] + ["honest.example"]
