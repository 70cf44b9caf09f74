"""A Dockerfile as its instructions."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
_CONTINUED = re.compile(r"\\\n")


@dataclass(frozen=True)
class Instruction:
    """One instruction. stage: the name of the stage it belongs to, "" before the first."""

    stage: str
    word: str
    rest: str


def instructions(text: str) -> list[Instruction]:
    """Return the instructions of a Dockerfile in order; comments and continued lines are understood, no more."""
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    stage, found = "", []
    for line in _CONTINUED.sub(" ", plain).splitlines():
        if not line.strip():
            continue
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            stage = rest.partition(" AS ")[2]
        found.append(Instruction(stage, word, " ".join(rest.split())))
    return found
