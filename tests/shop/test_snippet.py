"""Laws of the snippet: small as it travels, made for the store's settings, kept until one changes."""

import json
import re
from itertools import product
from pathlib import Path

import pytest
from flask import Flask

from quizfunnel.i18n.languages import SHIPPED
from quizfunnel.settings import InvitationSettings, Settings, Shop
from quizfunnel.shop import snippet
from quizfunnel.shop.snippet import MOST_BYTES, PARTS, SHORT, squeezed
from tests.shop.browsers import ORIGIN

FOLDER = Path(__file__).parents[2] / "static"
ADAPTERS = ("", "call", "shopify", "wordpress", "tcf", "google", "own")
SOURCES = (FOLDER / "snippet" / "core.js", *sorted((FOLDER / "snippet").glob("consent_*.js")))


def made(**shop: object) -> snippet.Script:
    """Return the snippet of a shop."""
    if shop.get("consent_adapter") == "own":
        shop = shop | {"consent_adapter": "", "consent_banner": True}
    return snippet.snippet(Settings(shop=Shop.model_validate({"origins": [ORIGIN], **shop})), [FOLDER])


@pytest.mark.parametrize(("platform", "adapter"), list(product(("", "shopify", "woocommerce"), ADAPTERS)))
def test_it_is_small(platform: str, adapter: str) -> None:
    """At most 1.5 KB as it travels, on every platform and with every banner."""
    assert len(made(platform=platform, consent_adapter=adapter).compressed) <= MOST_BYTES


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_what_is_shortened_names_no_key(source: Path) -> None:
    """A variable that travels as one letter is nowhere a key, spread or bound by its name."""
    code = re.sub(r'"[^"\n]*"', '""', squeezed(source.read_text("utf-8")))
    for name in SHORT:
        assert not re.search(rf"\.\.{name}\b|[{{,]{name}:|{{{name}[,}}]", code), name
    assert "`" not in code
    assert "'" not in code


def test_texts_are_not_squeezed() -> None:
    """What stands in quotation marks is left, and what stands about them is not."""
    assert squeezed('// why\nconst a = "b = c ; d",\n  e = 1;\n') == 'const a="b = c ; d",e=1;'


def test_it_knows_the_places_of_invitations() -> None:
    """The shop's, and those of single pages: a page that has none of them invites nobody."""
    settings = Settings(
        shop=Shop(origins=(ORIGIN,), place=".hint"),
        invitations={"/a": InvitationSettings(quiz="a", place="#a"), "/b": InvitationSettings(quiz="b")},
    )
    assert '"places":":is([data-qf],.hint,#a)"' in snippet.snippet(settings, [FOLDER]).text.decode()
    assert '"places":"[data-qf]"' in snippet.snippet(Settings(), [FOLDER]).text.decode()


def test_our_own_question_has_the_shops_words_and_notice() -> None:
    """In each language that it has, as texts and not as markup."""
    words = {"text": "D\u00fcrfen wir?", "yes": "Ja", "no": "Nein", "notice": "Datenschutz"}
    shop = Shop.model_validate({"origins": [ORIGIN], "consent_banner": True, "banner_words": {"de": words}})
    settings = Settings(shop=shop, privacy_url="https://shop.example/privacy")
    script = snippet.part("banner", settings, [FOLDER])
    assert script is not None
    values = json.loads(script.text.decode().rpartition("(window,document,")[2].rstrip(";)"))
    assert values["words"]["de"] == words
    assert set(values["words"]) == set(SHIPPED)
    assert values["words"]["en"]["yes"] == "Agree"
    assert values["notice"] == "https://shop.example/privacy"
    assert ".innerHTML" not in script.text.decode()


def test_a_store_has_its_own(tmp_path: Path) -> None:
    """A file in the store's folder stands before the shipped one."""
    (tmp_path / "snippet").mkdir()
    (tmp_path / "snippet" / "core.js").write_text("const ours = 1;")
    assert b"const ours=1;" in snippet.snippet(Settings(), [tmp_path, FOLDER]).text


def test_it_is_sent_once(connected: Flask) -> None:
    """Compressed where the browser takes that, kept for minutes, and not sent again while it is the same."""
    client = connected.test_client()
    plain, packed = client.get("/qf.js"), client.get("/qf.js", headers={"Accept-Encoding": "gzip, br"})
    assert plain.mimetype == packed.mimetype == "text/javascript"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=600" in plain.headers["Cache-Control"]
    again = client.get("/qf.js", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_every_part_is_sent(connected: Flask) -> None:
    """Those that are there; no other name is one."""
    client = connected.test_client()
    there = {part for part in PARTS if client.get(f"/qf-{part}.js").status_code == 200}
    assert there == set(PARTS)
    assert client.get("/qf-core.js").status_code == 404
