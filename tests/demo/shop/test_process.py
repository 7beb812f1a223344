"""Law of the demo shop's process; that it ends with its parent is held with the whole demo."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.commands import ROOT
from tests.demo.shop.shops import config_of
from tests.servers import LIMIT, children, free_port, get, started

PARENT = """
import sys, threading
from quizfunnel.demo.shop import config, process
with process.serving(config.from_text(sys.argv[2]), process.listen("127.0.0.1", int(sys.argv[1]))):
    print("Serving", flush=True)
    threading.Event().wait()
"""


@pytest.mark.slow
def test_a_shop_that_ends_takes_its_parent_along(tmp_path: Path) -> None:
    """It serves beside whoever started it, who is told to end where it is gone: half a demo shows nothing."""
    port = free_port()
    config = config_of(tmp_path, origin=f"http://127.0.0.1:{port}")
    command = [sys.executable, "-c", PARENT, str(port), config.as_text()]
    with started(*command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}) as (process, said):
        status, page = get(f"http://127.0.0.1:{port}/shop/coffee")
        assert (status, "<h1>Coffee</h1>" in page) == (200, True)
        (shop,) = children(process.pid)
        os.kill(shop, signal.SIGKILL)
        assert process.wait(LIMIT) == -signal.SIGTERM
        assert process.stdout is not None
        assert "The demo's shop has ended" in "".join([*said, process.stdout.read()])
