"""Finding: a fault in a file, with its place, how grave it is, and what to do; pure."""

from typing import Literal, NamedTuple


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
