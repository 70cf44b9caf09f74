"""Asks the whole API everything its OpenAPI document allows, and what it does not, as each role and as nobody.

`python -m tests.fuzz.fuzz_api [--size small|full] [--seed N] [--database sqlite|postgresql]` prints seed, cases per
role, counts by class of status, failures and verdict; exits 1 on any server error, undocumented status or problem,
answer that breaks its schema, ignored authentication, valid request refused for its form, or invalid one taken.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.engine import from_schema

from pynomaly.domain.access import Role
from tests.databases import KINDS, fresh_url
from tests.fuzz.judgement import is_a_failure
from tests.fuzz.standing_passes import StandingPasses, pass_of
from tests.fuzz.tally import Tally
from tests.fuzz.vocabulary import dictionaries, teach_files, told, without_columns
from tests.service.furnished import refurnished
from tests.service.in_line_worker import at_work
from tests.service.installed import Installation, installed
from tests.storms.storm_report import say, verdict, versions

DOCUMENT = "/api/openapi.json"
ROLES: tuple[Role | None, ...] = (None, *Role)
STREAMS = ["follow_events", "follow_job"]
STREAM_SECONDS = 0.3  # what an endless stream has said by then is looked at


@dataclass(frozen=True)
class Size:
    """How much is asked: random requests per operation, sequences of requests, and who asks all edge cases of which.

    covered: how many operations, None for all.
    """

    requests: int
    sequences: int
    covering: Collection[Role | None]
    covered: int | None = None


SIZES = {"small": Size(1, 2, (Role.ADMIN,), covered=8), "full": Size(30, 90, ROLES)}


def configuration(
    size: Size, seed: int, role: Role | None, covered: Collection[str], words: dict[str, Any]
) -> schemathesis.Config:
    """Return how one role asks: every phase and every check."""
    is_covering = role in size.covering
    asking: dict[str, Any] = {
        **words,
        "seed": seed,
        "continue-on-failure": True,
        "request-timeout": 30,
        "generation": {"database": "none", "max-examples": size.requests, "no-shrink": True},
        "phases": {
            "coverage": {"enabled": is_covering},
            "stateful": {"generation": {"max-examples": size.sequences}},
        },
        "checks": {
            # the conventions say 428 where If-Match is missing, and RFC 6585 was written for it
            "missing_required_header": {"expected-statuses": [400, 401, 403, 406, 415, 422, 428]},
            # a request can be wrong and too long as well
            "negative_data_rejection": {
                "expected-statuses": [400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 429]
            },
        },
    }
    asking["operations"].append({"include-operation-id": STREAMS, "request-timeout": STREAM_SECONDS})
    if is_covering and covered:
        rest = {"exclude-operation-id": sorted(covered), "phases": {"coverage": {"enabled": False}}}
        asking["operations"].append(rest)
    if role is not None:
        asking["headers"] = {"Authorization": pass_of(role)}
    return schemathesis.Config.from_dict(asking)


def name_of(role: Role | None) -> str:
    """Return what a role is called here."""
    return "nobody" if role is None else role.value


def asked_by(installation: Installation, role: Role | None, size: Size, seed: int) -> Tally:
    """Ask everything as somebody of a role, or as nobody, in a workspace with new things in it."""
    here = refurnished(installation.shared, installation.here.furniture, f"{name_of(role)}-{seed}")
    document = told(installation.client.get(DOCUMENT).json(), here)
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    covered = random.Random(seed).sample(sorted(names), size.covered) if size.covered else ()  # noqa: S311 - no secret
    words = dictionaries(here, installation.elsewhere.furniture)
    teach_files(here)
    passes = StandingPasses(installation)
    schema = schemathesis.openapi.from_dict(document, config=configuration(size, seed, role, covered, words))
    schema.app, schema.location = passes, DOCUMENT
    schema.hook("filter_failure")(
        lambda _, failure, case, response: is_a_failure(failure, case, response, passes.replayed)
    )
    schema.hook("map_case")(without_columns)
    tally = Tally(name_of(role))
    for event in from_schema(schema).execute():
        tally.take(event)
    return tally


def main() -> int:
    """Run, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=SIZES, default="full")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--role", choices=[name_of(role) for role in ROLES], action="append", help="only these")
    asked = parser.parse_args()
    roles = [role for role in ROLES if not asked.role or name_of(role) in asked.role]
    with fresh_url(asked.database) as url:
        say(f"fuzz-api  seed {asked.seed}  size {asked.size}")
        say(versions(url))
        return 0 if passed(fuzzed(roles, SIZES[asked.size], asked.seed, url)) else 1


def fuzzed(roles: Sequence[Role | None], size: Size, seed: int, database_url: str | None) -> Iterator[Tally]:
    """Yield what came of each role's turn; the jobs that are submitted are done meanwhile."""
    with (
        tempfile.TemporaryDirectory() as folder,
        installed(Path(folder), database_url) as installation,
        at_work(installation.shared),
    ):
        for role in roles:
            yield asked_by(installation, role, size, seed)


def passed(tallies: Iterator[Tally]) -> bool:
    """Print what came of a run as it comes; return whether all is well."""
    n_cases, faults = 0, list[str]()
    operations, succeeded = set[str](), set[str]()
    for tally in tallies:
        say("\n".join(tally.lines()))
        n_cases += tally.n_cases
        operations |= tally.operations
        succeeded |= {name for name, times in tally.succeeded.items() if times}
        faults += [f"{tally.role}: {' | '.join(kind)}" for kind in tally.failures]
    say(f"{n_cases} cases over {len(operations)} operations, {len(faults)} kinds of failures")
    say(f"without a single success: {', '.join(sorted(operations - succeeded)) or 'none'}")
    return verdict(faults)


if __name__ == "__main__":
    sys.exit(main())
