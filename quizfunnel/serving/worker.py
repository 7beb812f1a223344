"""Worker: the entry that the server calls in each of its processes."""

import sys

from quizfunnel import app
from quizfunnel.orders.inbox import MOST_BYTES
from quizfunnel.serving.bridge import Bridge
from quizfunnel.serving.gateway import Gateway
from quizfunnel.serving.limits import FORM_SECONDS, HOOK_SECONDS, BodyLimit, Limits, queues
from quizfunnel.store.patience import WAIT_SECONDS

# After this long another thread may go on: the loop's short turns and the lanes' long ones meet more often than
# Python's usual 5 ms foresee.
_SWITCH_SECONDS = 0.0005


def worker() -> Gateway:
    """Return the application behind gateway and bridge, in a process whose threads take turns often."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    wsgi = app.worker()
    return Gateway(Bridge(wsgi, worker_limits(), trusted=wsgi.extensions["quizfunnel"].settings.proxies > 0))


def worker_limits() -> Limits:
    """Return the limits of a worker: what the application takes of a form and of a hook, and in which time."""
    return Limits(
        forms=BodyLimit(app.FORM_BYTES, FORM_SECONDS),
        hooks=BodyLimit(MOST_BYTES, HOOK_SECONDS),
        queues=queues(WAIT_SECONDS),
    )
