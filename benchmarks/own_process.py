"""Own process: one part of a benchmark timed apart from the others, so that the most memory it took is known."""

import json
import os
import subprocess
import sys
from pathlib import Path


def in_own_process(module: str, part: str, path: Path, *, timeout: float) -> dict[str, float]:
    """Return the figures that ``python -m MODULE PART PATH`` prints as JSON; raise RuntimeError where it fails."""
    command = [sys.executable, "-m", module, part, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=timeout, env=os.environ)
    if done.returncode:
        raise RuntimeError(f"{part}: {done.stderr[-2000:]}")
    figures: dict[str, float] = json.loads(done.stdout)
    return figures
