"""Process of the demo shop: started with its configuration and its socket, and ended with whoever started it."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from quizfunnel.demo.shop.config import ShopConfig

BACKLOG = 128
END_SECONDS = 10.0


def listen(address: str, port: int) -> socket.socket:
    """Return a socket that listens: who asks before the shop is ready waits for it. OSError where it is taken."""
    listener = socket.socket()
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


@contextmanager
def serving(config: ShopConfig, listener: socket.socket) -> Iterator[None]:
    """Serve the shop beside this process, on a socket that is its own from then on; both end together.

    The shop reads its configuration from a pipe and ends with it: with this process, however that ends. Where the
    shop ends by itself this process is told to end, as by SIGTERM.
    """
    command = [sys.executable, "-m", "quizfunnel.demo.shop", str(listener.fileno())]
    with listener:
        process = subprocess.Popen(  # noqa: S603 - this program itself
            command, stdin=subprocess.PIPE, pass_fds=[listener.fileno()], start_new_session=True, text=True
        )
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    ending = threading.Event()
    threading.Thread(target=_watch, args=(process, ending), daemon=True).start()
    try:
        with suppress(BrokenPipeError):  # it has ended, and whoever watches it says so
            process.stdin.write(config.as_text() + "\n")
            process.stdin.flush()
        yield
    finally:
        ending.set()
        with suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _watch(process: "subprocess.Popen[str]", ending: threading.Event) -> None:
    process.wait()
    if not ending.is_set():
        sys.stderr.write("The demo's shop has ended, so the demo ends too\n")
        os.kill(os.getpid(), signal.SIGTERM)
