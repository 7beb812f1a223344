"""Secrets stand in one place each, in a file or a table too, and a wrong one is refused without being told."""

from pathlib import Path
from typing import NamedTuple

import pytest

from quizfunnel.orders.sources import NAMES
from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.settings import SECRETS, Settings, SettingsError
from tests.cast import STANDARD_SECRET


@pytest.mark.parametrize("name", [*SECRETS, *(f"{source}_secret" for source in NAMES)])
def test_a_secret_may_stand_in_a_file(name: str, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """QUIZFUNNEL_<NAME>_FILE names a file that holds the secret, with or without a last line end."""
    source = name.removesuffix("_secret")
    value = STANDARD_SECRET if source in NAMES else "sqlite:///a secret of sixteen letters or more"
    (store / "secret").write_text(value + "\n")
    monkeypatch.setenv(f"QUIZFUNNEL_{name.upper()}_FILE", str(store / "secret"))
    settings = StoreSettings.load()
    found = settings.secret_of(source) if source in NAMES else getattr(settings, name)
    assert (found if isinstance(found, str) else found.get_secret_value()) == value


def test_a_secret_stands_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same secret in the environment and in a file is refused, since one of them is stale."""
    monkeypatch.setenv("QUIZFUNNEL_SHOPIFY_SECRET", "hush-hush")
    monkeypatch.setenv("QUIZFUNNEL_SHOPIFY_SECRET_FILE", "anywhere")
    with pytest.raises(SettingsError, match=r"QUIZFUNNEL_SHOPIFY_SECRET and .*_FILE are both set") as told:
        StoreSettings.load()
    assert "hush-hush" not in str(told.value)


def test_a_secret_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable and the file are in the message."""
    monkeypatch.setenv("QUIZFUNNEL_SECRET_KEY_FILE", "/nowhere/at/all")
    with pytest.raises(SettingsError, match="QUIZFUNNEL_SECRET_KEY_FILE: /nowhere/at/all cannot be read"):
        StoreSettings.load()


@pytest.mark.parametrize(
    ("file", "variables"),
    [
        ('standard_secret = "{}"', {}),
        ('[sources.standard]\nsecret = "{}"', {}),
        ("", {"STANDARD_SECRET": "{}"}),
        ("", {"SOURCES": '{{"standard": {{"secret": "{}"}}}}'}),
        ('[sources.standard]\nsecret = "before"', {"STANDARD_SECRET": "{}"}),
        ('standard_secret = "before"', {"SOURCES": '{{"standard": {{"secret": "{}"}}}}'}),
    ],
)
def test_a_sources_secret_stands_under_its_name_or_in_a_table(
    store: Path, monkeypatch: pytest.MonkeyPatch, file: str, variables: dict[str, str]
) -> None:
    """Under either name, in the file or in the environment, which comes first; other sources have none."""
    (store / "quizfunnel.toml").write_text(file.format(STANDARD_SECRET))
    for name, value in variables.items():
        monkeypatch.setenv(f"QUIZFUNNEL_{name}", value.format(STANDARD_SECRET))
    settings = StoreSettings.load()
    assert (settings.secret_of("standard"), settings.secret_of("shopify")) == (STANDARD_SECRET, "")


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ('standard_secret = "whsec_c2hvcnQ="', "standard_secret: is too short: 16 bytes or more in base64"),
        (
            '[sources.standard]\nsecret = "whsec_c2hvcnQ="',
            "sources: standard: secret: is too short: 16 bytes or more in base64",
        ),
        ('shopfy_secret = "x"', "shopfy_secret is no setting; is shopify_secret meant?"),
        (
            '[sources.shopfy]\nsecret = "x"',
            f"sources: shopfy: no source is called shopfy; there is: {', '.join(NAMES)}",
        ),
        (
            "[sources.shopify]\nkey = 1\nsecret = 'x'",
            "sources: shopify: key: is no key of this table; there is: secret",
        ),
        ("[sources.shopify]", "sources: shopify: secret: is missing"),
        ("sources.shopify = 'x'", "sources: shopify: is no table of keys and values"),
        (
            'shopify_secret = "x"\n[sources.shopify]\nsecret = "y"',
            "shopify_secret and sources.shopify are both set; keep one of them",
        ),
    ],
)
def test_a_wrong_source_is_told_with_its_place(store: Path, file: str, line: str) -> None:
    """The name or the table that stands in the file, and what is wrong with it."""
    (store / "quizfunnel.toml").write_text(file)
    with pytest.raises(SettingsError) as refused:
        StoreSettings.load()
    assert str(refused.value) == f"{store / 'quizfunnel.toml'}: {line}"


def test_every_wrong_secret_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of source that is not there yet brings its own refusal, and needs no word in the settings."""

    class Refusing(NamedTuple):
        """A kind that refuses every secret."""

        name: str
        meaning: str = "Anything."

        def make(self, secret: str) -> None:
            """Refuse it."""
            raise ValueError(f"has {len(secret)} characters")

    class Others(Settings):
        """Settings of a shop with other sources."""

        source_kinds = (Refusing("stripe"), Refusing("woo"))

    monkeypatch.setenv("QUIZFUNNEL_STRIPE_SECRET", "abc")
    monkeypatch.setenv("QUIZFUNNEL_WOO_SECRET", "abcd")
    with pytest.raises(SettingsError) as refused:
        Others.load()
    assert str(refused.value).splitlines() == [
        "QUIZFUNNEL_STRIPE_SECRET: has 3 characters",
        "QUIZFUNNEL_WOO_SECRET: has 4 characters",
    ]


def test_a_key_is_made_once_and_only_its_owner_reads_it(store: Path) -> None:
    """Without a configured key one is kept in var/ with mode 600, the same at the next start."""
    keys = StoreSettings.load().keys()
    assert keys == StoreSettings.load().keys()
    assert (store / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_keys_rotate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several keys are taken in order; the first signs."""
    monkeypatch.setenv("QUIZFUNNEL_SECRET_KEY", "the new key, 16 or more;,the old key, 16 or more;".replace(", ", "- "))
    assert StoreSettings.load().keys() == (b"the new key- 16 or more;", b"the old key- 16 or more;")


def test_a_short_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer than 16 characters are refused with the way to make a key, without telling it."""
    monkeypatch.setenv("QUIZFUNNEL_SECRET_KEY", "tooshort")
    with pytest.raises(SettingsError, match=r"fewer than 16 characters; make one with python3") as told:
        StoreSettings.load().keys()
    assert "tooshort" not in str(told.value)


def test_postgresql_needs_a_key_of_its_own(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several machines may share a PostgreSQL database, so a key made on one of them is refused."""
    monkeypatch.setenv("QUIZFUNNEL_DATABASE_URL", "postgresql://shop@db.example/shop")
    with pytest.raises(SettingsError, match="QUIZFUNNEL_SECRET_KEY is not set: with PostgreSQL"):
        StoreSettings.load().keys()
    assert not (store / "var").exists()
