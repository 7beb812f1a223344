"""Demo shop as a process: it serves on the socket that it was given, until the pipe of its configuration is closed."""

import logging
import sys
import threading
from typing import TextIO

from werkzeug.serving import WSGIRequestHandler, make_server

from quizfunnel.demo.shop.app import create_shop
from quizfunnel.demo.shop.config import from_text


class _Quiet(WSGIRequestHandler):
    """Requests that nobody reads about."""

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""


def main(descriptor: int, pipe: TextIO) -> None:
    """Serve until the pipe ends."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    app = create_shop(from_text(pipe.readline()))
    threading.Thread(target=app.extensions["shop"].courier.run, daemon=True).start()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet, fd=descriptor)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.read()
    server.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.stdin)
