"""Laws of the demo shop's pages: each answers, says that it is a demo, and has the snippet's place and nothing else."""

import pytest

from tests.demo.shop.shops import PAGE, QUIZ, SHOP, Customer


def test_every_page_answers_and_says_that_it_is_a_demo(shopper: Customer) -> None:
    """Home, shelves, product, basket; nothing can be bought."""
    for path in ("/shop", "/shop/coffee", "/shop/skin-care", PAGE, "/shop/basket"):
        page = shopper.get(path)
        assert page.status_code == 200
        assert "simulated history" in page.text
    assert shopper.get("/").location == "/shop"


def test_the_shop_has_one_name(shopper: Customer) -> None:
    """Another name of this machine leads to the one that the quizzes know, where the basket is."""
    other = shopper.get("/shop/coffee?page=2", base_url="http://127.0.0.1")
    assert (other.status_code, other.location) == (303, f"{SHOP}/shop/coffee?page=2")
    assert "Set-Cookie" not in other.headers


def test_products_are_named_in_the_pages_language(shopper: Customer) -> None:
    """Where the catalogue has a title in it, as the quiz names them there; a pack's amount stands first below."""
    shopper.add()
    german = shopper.headers | {"Accept-Language": "de"}
    for path in ("/shop/coffee", PAGE, "/shop/basket"):
        page = shopper.client.get(path, headers=german).text
        assert "Night Ferry, ganze Bohnen" in page
        assert "Night Ferry, beans" not in page
    assert "Night Ferry, beans" in shopper.get(PAGE).text
    assert "<ul>\n<li><bdi>250 g</bdi></li>" in shopper.get(PAGE).text


def test_pages_name_what_may_run_on_them(shopper: Customer) -> None:
    """The shop's own content security policy allows the quiz server's script, calls and frames, and no other's."""
    policy = shopper.get(PAGE).headers["Content-Security-Policy"]
    for source in ("script-src 'self'", "connect-src 'self'", "frame-src"):
        assert f"{source} {QUIZ};" in policy


@pytest.mark.parametrize("path", ["/shop/tea", "/shop/coffee/nothing", "/static/../pyproject.toml"])
def test_what_is_not_there_is_not_found(shopper: Customer, path: str) -> None:
    """404 with a way on."""
    page = shopper.get(path)
    assert (page.status_code, "Go to the shop" in page.text) == (404, True)
