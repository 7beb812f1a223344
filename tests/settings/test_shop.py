"""Laws of the shop as settings: origins as browsers send them, invitations as a name or a table."""

from pathlib import Path

import pytest

from quizfunnel.settings import InvitationSettings, Settings, SettingsError
from quizfunnel.settings import shop as shops
from quizfunnel.settings.shop import Shop
from tests.docs import markdown


def written(store: Path, text: str) -> Settings:
    """Return the settings of a store with this quizfunnel.toml."""
    (store / "quizfunnel.toml").write_text(text, "utf-8")
    return Settings.load()


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("https://b\u00fccher.example", "https://xn--bcher-kva.example"),
        ("http://localhost:8001", "http://localhost:8001"),
        ("http://shop.localhost:8001", "http://shop.localhost:8001"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(given: str, sent: str) -> None:
    """They are compared letter by letter: small letters, IDNA, no port that goes without saying, no slash."""
    assert Shop(origins=(given,)).origins == (sent,)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            'origins = ["shop.example"]',
            "shop: origins: 0: must be an address without a path, like https://shop.example",
        ),
        ('origins = ["http://shop.example"]', "shop: origins: 0: must begin with https://"),
        ('origins = ["http://localhost.example"]', "shop: origins: 0: must begin with https://"),
        ('origins = ["https://shop.example/de"]', "shop: origins: 0: must be an address without a path"),
        ('origins = ["*"]', "shop: origins: 0: must be one address, like https://shop.example; * fits none"),
        ('origins = ["https://*.shop.example"]', "shop: origins: 0: must be one address"),
        ('origins = ["null"]', "shop: origins: 0: must be an address"),
        ('platform = "magento"', "shop: platform: must be '', 'shopify' or 'woocommerce'; it is 'magento'"),
        (
            'consent_adapter = "yes"',
            "shop: consent_adapter: must be '', 'call', 'shopify', 'wordpress', 'tcf' or 'google'",
        ),
        ('events = ["Add to cart"]', "shop: events: 0: must be a name of lower-case letters, digits and hyphens"),
        ("new_visitors_a_minute = 0", "shop: new_visitors_a_minute: must be 1 or more; it is 0"),
        ('place = "<div>"', 'shop: place: must be a CSS selector, like "#quiz"'),
        ('add_url = "https://shop.example/add"', "shop: add_url: must have {product_id} or {sku}"),
        ('add_url = "/add?id={id}"', "shop: add_url: must have {product_id} or {sku}"),
        ('add_url = "javascript:add({sku})"', "shop: add_url: must be a path like /shop"),
        ('orgins = ["https://shop.example"]', "shop: orgins: is no key of this table"),
        ('consent_adapter = "tcf"\nconsent_banner = true', "shop: consent_banner is for a shop without a banner"),
        ('[shop.banner_words.de]\ntext = "x"', "shop: banner_words: de: yes: is missing"),
        ('[invitations]\n"/tea" = 3', '/tea: must be a quiz, like "coffee", or a table like {quiz = "coffee"'),
        ('[invitations]\n"/tea" = {titel = "x", quiz = "tea"}', "invitations: /tea: titel: is no key of this table"),
        ('[invitations]\n"/tea" = {title = "x"}', "invitations: /tea: quiz: is missing"),
    ],
)
def test_a_wrong_value_is_told_with_its_place(store: Path, line: str, told: str) -> None:
    """The table, the key, what is wrong with it, and how it is written."""
    with pytest.raises(SettingsError) as error:
        written(store, f"[shop]\n{line}\n")
    assert told in str(error.value)


def test_an_invitation_is_a_name_or_a_table(store: Path) -> None:
    """With words and a place of its own, where one wants them."""
    settings = written(
        store,
        '[invitations]\n"/tea*" = "tea"\n"/coffee*" = {quiz = "coffee", title = " Which one? ", place = "#hint"}\n',
    )
    assert settings.invitations == {
        "/tea*": InvitationSettings(quiz="tea"),
        "/coffee*": InvitationSettings(quiz="coffee", title="Which one?", place="#hint"),
    }


@pytest.mark.parametrize("pattern", ["/cart/add?id={product_id}", "https://shop.example/add/{sku}?back=/cart"])
def test_an_address_that_adds_has_the_product_in_it(pattern: str) -> None:
    """By its id or its SKU, in a path or an address."""
    assert Shop(add_url=pattern).add_url == pattern


def test_consent_is_heard_by_a_banner_alone() -> None:
    """By the shop's, once it is said which, or by ours; by none unless somebody has chosen."""
    assert not Shop().hears_consent
    assert Shop(consent_banner=True).hears_consent
    assert Shop(consent_adapter="call").hears_consent


def test_a_shop_from_the_environment_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """And its origins may be one text with commas."""
    monkeypatch.setenv("QUIZFUNNEL_SHOP", '{"origins": "https://a.example, https://b.example"}')
    assert Settings.load().shop.origins == ("https://a.example", "https://b.example")


def test_every_key_of_the_shop_is_in_the_table() -> None:
    """Names, defaults and meanings are those of the program."""
    assert shops.as_markdown() in markdown.read("docs/settings.md")
