"""Said findings: of the workers of one server the first that meets a finding logs it, and the others know."""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from quizfunnel.kit.finding import Finding


class Said:
    """Marks of a server's findings in a folder that its workers share; without a folder each speaks for itself."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take the folder, and remove what a server before this one left there."""
        self._folder, self._run = folder, _run()
        if folder is not None:
            with suppress(OSError):
                for mark in folder.iterdir():
                    if not mark.name.startswith(self._run):
                        mark.unlink(missing_ok=True)

    def first(self, finding: Finding) -> bool:
        """Tell whether nobody has said a finding yet; from now on somebody has."""
        if self._folder is None:
            return True
        mark = self._mark(self._folder, finding)
        with suppress(OSError):  # said twice is better than never
            self._folder.mkdir(parents=True, exist_ok=True)
            mark.touch(exist_ok=False)
            return True
        return not mark.exists()

    def forget(self, findings: Iterable[Finding]) -> None:
        """Let findings that are mended be said when they come back."""
        for finding in findings:
            if self._folder is not None:
                with suppress(OSError):
                    self._mark(self._folder, finding).unlink()

    def _mark(self, folder: Path, finding: Finding) -> Path:
        return folder / f"{self._run}{hashlib.sha256(finding.text().encode()).hexdigest()[:32]}"


def _run() -> str:
    """Name the run of the server: its workers have one parent, and a process id alone comes again."""
    parent = os.getppid()
    try:
        began = Path(f"/proc/{parent}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        began = "0"
    return f"{parent}-{began}-"
