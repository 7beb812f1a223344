"""Laws of the file for WooCommerce: a cookie's token is in the order, from either checkout; PHP itself runs it."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from quizfunnel.kit.signing import Signer
from quizfunnel.visit.identity import cart_token
from tests.cast import KEY
from tests.commands import ROOT

PHP = shutil.which("php")
PLUGIN = ROOT / "contrib" / "woocommerce" / "quizfunnel.php"
TOKEN = cart_token(Signer([KEY]), "a" * 32)
BOTH = pytest.mark.parametrize("checkout", ["classic", "blocks"])

pytestmark = pytest.mark.skipif(PHP is None, reason="php is not here: apt-get install php-cli")


def checked_out(**changes: Any) -> dict[str, Any]:
    """Return what comes of one checkout, with stand-ins for WordPress and WooCommerce."""
    given = {"cookies": {}, "checkout": "classic", "kept": {}, "url": "", "place": {}} | changes
    stubs = Path(__file__).with_name("wordpress.php")
    done = subprocess.run(
        [PHP or "", "-d", "error_reporting=-1", "-d", "display_errors=stderr", str(stubs), str(PLUGIN)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_php_takes_the_file() -> None:
    """As its own check of syntax says."""
    done = subprocess.run([PHP or "", "-l", str(PLUGIN)], capture_output=True, text=True, check=False)
    assert (done.returncode, "No syntax errors" in done.stdout) == (0, True)


@BOTH
def test_the_token_gets_into_the_order(checkout: str) -> None:
    """From either checkout, and an order of blocks is saved."""
    done = checked_out(checkout=checkout, cookies={"qf_visitor": TOKEN, "other": "x"})
    assert done["meta"] == {"qf_visitor": TOKEN}
    assert done["saved"] == (1 if checkout == "blocks" else 0)


@BOTH
@pytest.mark.parametrize("cookies", [{}, {"qf_visitor": ""}, {"qf_visitor": "<b>"}, {"qf_visitor": ["x"]}])
def test_what_is_no_token_is_not_kept(checkout: str, cookies: dict[str, Any]) -> None:
    """Whatever a browser sends; and a draft's token goes with its cookie, as after a withdrawn consent."""
    done = checked_out(checkout=checkout, cookies=cookies, kept={"qf_visitor": TOKEN, "gift": "yes"})
    assert done["meta"] == {"gift": "yes"}


def test_the_snippet_is_on_the_page_where_its_address_is_set() -> None:
    """And nowhere else; a place takes an invitation, or a whole quiz."""
    assert checked_out()["head"] == ""
    done = checked_out(url="https://quiz.shop.example/", place={"quiz": 'a"b'})
    assert done["head"] == '<script async src="https://quiz.shop.example/qf.js"></script>\n'
    assert done["place"] == '<div data-qf-quiz="a&quot;b"></div>'
    assert checked_out(place="")["place"] == '<div data-qf style="min-height: 8rem"></div>'
