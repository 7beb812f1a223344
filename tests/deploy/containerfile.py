"""Containerfile read into its stages and instructions, as its builder reads them."""

import json
import re
import shlex
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "Containerfile"


class Instruction(NamedTuple):
    """One instruction: its name and all that follows."""

    name: str
    rest: str

    def words(self) -> list[str]:
        """Return what follows as words, whether it is written as a list or as a line."""
        rest = self.rest[self.rest.index("[") :] if "[" in self.rest and self.name != "RUN" else ""
        return list(map(str, json.loads(rest))) if rest else shlex.split(self.rest)


def stages() -> list[list[Instruction]]:
    """Return the instructions of each stage."""
    text = re.sub(r"^\s*#.*\n", "", FILE.read_text("utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    parts = [Instruction(*line.split(maxsplit=1)) for line in lines if line.strip()]
    begins = [number for number, part in enumerate(parts) if part.name == "FROM"]
    return [parts[begin:end] for begin, end in zip(begins, [*begins[1:], None], strict=True)]


def only(stage: list[Instruction], name: str) -> Instruction:
    """Return the one instruction of a name."""
    (found,) = (each for each in stage if each.name == name)
    return found
