"""Orphaned workers: they end with the process that started them, which nobody else would tell them of."""

import asyncio
import logging
import multiprocessing
import os
import signal
import threading

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_END_SECONDS = 5.0  # what a worker has to end by itself, as under a server that lives


def watch(loop: asyncio.AbstractEventLoop) -> None:
    """Look once a second whether this worker's server lives, and end as by SIGTERM where it does not."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        _look(loop, parent.pid or 0)


def _look(loop: asyncio.AbstractEventLoop, parent: int) -> None:
    if os.getppid() == parent:
        loop.call_later(_LOOK_SECONDS, _look, loop, parent)
        return
    log.error("the server of this worker is gone, so it ends too")
    last = threading.Timer(_END_SECONDS, os._exit, (1,))
    last.daemon = True
    last.start()
    os.kill(os.getpid(), signal.SIGTERM)
