"""The demo as people meet it: the quizzes at one origin of the loopback, the shop, which is any shop, at another."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from werkzeug.serving import make_server

from quizfunnel.app import create_app
from quizfunnel.demo.shop.app import create_shop
from quizfunnel.demo.shop.process import listen
from quizfunnel.settings import Settings, Shop
from quizfunnel.shipped import shipped_folder
from tests.demo.shop.shops import config_of
from tests.servers import few_threads
from tests.stores import connected


class Pair(NamedTuple):
    """Origins of the quizzes and of the shop, and the application of the quizzes."""

    quiz: str
    shop: str
    app: Flask


@contextmanager
def serving_both(settings: Settings, folder: Path) -> Iterator[Pair]:
    """Serve the demo's quizzes with these settings, and its shop beside them."""
    (folder / "quizzes").symlink_to(shipped_folder() / "quizzes")
    listeners = [listen("127.0.0.1", 0) for _ in range(2)]
    quiz, shop = (f"http://127.0.0.1:{listener.getsockname()[1]}" for listener in listeners)
    own = connected(settings, store=folder, shop_url=f"{shop}/shop", shop=Shop(origins=(shop,)))
    app = create_app(own, demo=True)
    with _served(app, listeners[0]), _served(create_shop(config_of(folder, origin=shop, quiz=quiz)), listeners[1]):
        yield Pair(quiz, shop, app)
    app.extensions["quizfunnel"].engine.dispose()


@contextmanager
def _served(app: Flask, listener: socket.socket) -> Iterator[None]:
    with listener:
        server = few_threads(make_server("127.0.0.1", 0, app, threaded=True, fd=listener.fileno()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    server.server_close()
    thread.join()
