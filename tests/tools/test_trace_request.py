"""Laws of the trace: an answer and a figure run through rooms of this checkout, and the way of either has an end."""

import re
import subprocess
import sys

import pytest

from tools.layout import ROOT

pytestmark = pytest.mark.slow
LINE = re.compile(r"one (\w+): (\d+) modules in (\d+) rooms, the longest way (\d+)")


def test_both_are_traced() -> None:
    """A figure runs through more modules than an answer, and no chain of calls has more of them than all."""
    command = [sys.executable, "tools/trace_request.py"]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    ways = {name: tuple(map(int, numbers)) for name, *numbers in LINE.findall(output)}
    assert ways["answer"] < ways["figure"]
    assert all(modules >= longest > 1 and modules >= rooms > 1 for modules, rooms, longest in ways.values())
