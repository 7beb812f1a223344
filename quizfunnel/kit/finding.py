"""Finding: a fault in a file, with its place, how grave it is, and what to do; pure."""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

MOST_ALIKE = 5


class Finding(NamedTuple):
    """One thing found in a file a merchandiser edits; lines and columns count from 1."""

    file: str
    line: int
    column: int
    severity: Literal["error", "warning"]
    message: str

    def text(self) -> str:
        """Return ``FILE:LINE:COL: error: what is wrong; what to do``."""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message}"


def told_once(
    findings: Iterable[Finding], kind: Callable[[str], str] = str, *, most: int = MOST_ALIKE
) -> list[Finding]:
    """Return findings with more than `most` that are alike told once, at the first of them; the others by line.

    Alike are those of one file whose messages are of the same `kind`.
    """
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.file, kind(finding.message)), []).append(finding)
    return [told for alike in kinds.values() for told in (alike if len(alike) <= most else [_together(alike)])]


def _together(alike: list[Finding]) -> Finding:
    first, *others = alike
    lines = ", ".join(str(finding.line) for finding in others[:MOST_ALIKE])
    more = f" and {len(others) - MOST_ALIKE} more" if len(others) > MOST_ALIKE else ""
    so = " So" if first.message.endswith(("?", ".")) else "; so"
    return first._replace(message=f"{first.message}{so} in {len(others)} other lines: {lines}{more}")
