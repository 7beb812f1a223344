"""Demo shops of tests, and quiz servers that their messages go to."""

from collections.abc import Mapping
from pathlib import Path

from quizfunnel.demo.shop.app import create_shop
from quizfunnel.demo.shop.config import ShopConfig
from quizfunnel.kit.clock import Clock
from quizfunnel.shipped import shipped_folder
from tests import cast
from tests.pages import Tab

SHOP = "http://localhost"
QUIZ = "http://localhost:8000"
PAGE = "/shop/coffee/night-ferry-beans"


class Hook:
    """Quiz server's end of the hook: it keeps what it is sent, and answers as it is told."""

    def __init__(self, *answers: int | OSError) -> None:
        """Give these answers in turn, and 200 from then on."""
        self.answers = list(answers)
        self.bodies: list[bytes] = []
        self.headers: list[Mapping[str, str]] = []

    def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Take a message."""
        self.bodies.append(body)
        self.headers.append(headers)
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, OSError):
            raise answer
        return answer


class Customer(Tab):
    """Somebody in the demo shop."""

    def add(self, product: str = "night-ferry-beans") -> None:
        """Put a product into the basket."""
        assert self.post("/shop/basket", {"product": product}).status_code == 303

    def order(self) -> str:
        """Return the order that the checkout's form would make."""
        page = self.get("/shop/checkout").text
        return page.partition('name="order" value="')[2].partition('"')[0]

    def buy(self, product: str = "night-ferry-beans") -> str:
        """Buy one product; return the page that thanks for it."""
        self.add(product)
        return self.get(str(self.post("/shop/checkout", {"order": self.order()}).location)).text


def config_of(folder: Path, *, origin: str = SHOP, quiz: str = QUIZ) -> ShopConfig:
    """Return the configuration of a shop with the shipped catalogues, and its books in a folder."""
    stock = shipped_folder() / "quizzes" / "catalogs"
    return ShopConfig(origin, quiz, cast.STANDARD_SECRET, str(stock), str(folder / "books.sqlite3"))


def open_shop(folder: Path, hook: Hook, clock: Clock) -> Customer:
    """Return a customer of a shop whose messages go to `hook`."""
    return Customer(create_shop(config_of(folder), clock=clock, post=hook))
