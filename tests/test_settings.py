"""Every setting says what is wrong with it, where it stands and what to do; no secret is told."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import ValidationError

from quizfunnel.orders.sources import NAMES
from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.settings import SECRETS, Settings, SettingsError, strangers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty store as the current folder, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("STORE", "SECRET_KEY", *(name.upper() for name in StoreSettings.names())):
        monkeypatch.delenv(f"QUIZFUNNEL_{name}", raising=False)
    return tmp_path


def test_an_empty_store_needs_no_setting(store: Path) -> None:
    """Without any setting the store is the current folder, with SQLite in var/."""
    settings = StoreSettings.load()
    assert settings.store == store
    assert settings.database == f"sqlite:///{store / 'var' / 'quizfunnel.sqlite3'}"
    assert not settings.secure


def test_a_store_that_is_not_there_is_no_new_one(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt folder is told and not made."""
    monkeypatch.setenv("QUIZFUNNEL_STORE", str(store / "shpo"))
    with pytest.raises(SettingsError, match=r"QUIZFUNNEL_STORE: .*shpo is no folder; quizfunnel init"):
        StoreSettings.load()
    assert not (store / "shpo").exists()


def test_the_environment_comes_before_the_file(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting in quizfunnel.toml holds until the environment says otherwise."""
    (store / "quizfunnel.toml").write_text('consent = "off"\nproxies = 1\n[invitations]\n"/tea*" = "tea"\n')
    monkeypatch.setenv("QUIZFUNNEL_CONSENT", "ask")
    settings = StoreSettings.load()
    assert (settings.consent, settings.proxies, settings.invitations) == ("ask", 1, {"/tea*": "tea"})


def test_the_file_is_that_of_the_store_that_is_named(store: Path) -> None:
    """A store given by its path brings its own quizfunnel.toml, whatever the current folder is."""
    other = store / "other"
    other.mkdir()
    (other / "quizfunnel.toml").write_text('consent = "off"\n')
    assert Settings(store=other).consent == "off"
    assert Settings().consent == "ask"


@pytest.mark.parametrize("name", [*SECRETS, *(f"{source}_secret" for source in NAMES)])
def test_a_secret_may_stand_in_a_file(name: str, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """QUIZFUNNEL_<NAME>_FILE names a file that holds the secret, with or without a last line end."""
    value = {"standard_secret": SECRET, "database_url": "sqlite:///here.sqlite3"}.get(name, "sixteen letters or more")
    (store / "secret").write_text(value + "\n")
    monkeypatch.setenv(f"QUIZFUNNEL_{name.upper()}_FILE", str(store / "secret"))
    settings = StoreSettings.load()
    source = name.removesuffix("_secret")
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
    monkeypatch.setenv("QUIZFUNNEL_STAFF_PASSWORD_FILE", "/nowhere/at/all")
    with pytest.raises(SettingsError, match="QUIZFUNNEL_STAFF_PASSWORD_FILE: /nowhere/at/all cannot be read"):
        StoreSettings.load()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "mysql://shop", "must begin with sqlite:/// or postgresql://"),
        ("PUBLIC_URL", "quiz.example", "must be an address without a path"),
        ("PUBLIC_URL", "https://quiz.example/deep", "must be an address without a path"),
        ("PUBLIC_URL", "http://quiz.example", "must begin with https://"),
        ("PROXIES", "many", "valid integer"),
        ("CONSENT", "perhaps", "'ask' or 'off'"),
        ("STANDARD_SECRET", "whsec_not base64!", "is no base64"),
        ("STANDARD_SECRET", "whsec_c2hvcnQ=", "is too short"),
        ("INVITATIONS", "coffee", "is no JSON object"),
    ],
)
def test_a_wrong_value_is_told_with_its_name(name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message begins with the variable and says what it must be."""
    monkeypatch.setenv(f"QUIZFUNNEL_{name}", value)
    with pytest.raises(SettingsError, match=rf"^QUIZFUNNEL_{name}: .*{re.escape(told)}"):
        StoreSettings.load()


def test_every_wrong_value_is_told_at_once(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line a mistake, from the environment and from the file alike, and no secret among them."""
    (store / "quizfunnel.toml").write_text('consnt = "off"\nstandard_secret = "not base64!"\n')
    monkeypatch.setenv("QUIZFUNNEL_PROXIES", "-1")
    with pytest.raises(SettingsError) as told:
        StoreSettings.load()
    lines = str(told.value).splitlines()
    assert len(lines) == 3
    assert any(line.endswith("quizfunnel.toml: consnt is no setting; is consent meant?") for line in lines)
    assert any("quizfunnel.toml: standard_secret: is no base64" in line for line in lines)
    assert any(line.startswith("QUIZFUNNEL_PROXIES: ") for line in lines)
    assert "not base64!" not in str(told.value)


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
    (store / "quizfunnel.toml").write_text(file.format(SECRET))
    for name, value in variables.items():
        monkeypatch.setenv(f"QUIZFUNNEL_{name}", value.format(SECRET))
    settings = StoreSettings.load()
    assert (settings.secret_of("standard"), settings.secret_of("shopify")) == (SECRET, "")


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ('standard_secret = "whsec_c2hvcnQ="', "standard_secret: is too short: 16 bytes or more in base64"),
        (
            '[sources.standard]\nsecret = "whsec_c2hvcnQ="',
            "sources: standard: secret: is too short: 16 bytes or more in base64",
        ),
        ('shopfy_secret = "x"', "shopfy_secret is no setting; is shopify_secret meant?"),
        ('[sources.shopfy]\nsecret = "x"', "sources: shopfy: no source is called shopfy; there is: shopify, standard"),
        ("[sources.shopify]\nkey = 1\nsecret = 'x'", "sources: shopify: key: is no key of this table"),
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


def test_a_file_that_is_no_toml_is_named(store: Path) -> None:
    """The file and the place in it are in the message."""
    (store / "quizfunnel.toml").write_text("consent off\n")
    with pytest.raises(SettingsError, match=r"quizfunnel\.toml: is no TOML: .*line 1"):
        StoreSettings.load()


def test_a_misspelt_variable_is_pointed_out() -> None:
    """A variable that begins with QUIZFUNNEL_ and is no setting is named, with the setting perhaps meant."""
    environ = ("PUBLC_URL", "DEMO", "SECRET_KEY_FILE", "SHOPIFY_SECRET", "STANDARD_SECRET_FILE", "SHOPFY_SECRET")
    lines = strangers(
        dict.fromkeys([*(f"QUIZFUNNEL_{name}" for name in environ), "HOME"], "x"), StoreSettings.variables()
    )
    assert lines == [
        "QUIZFUNNEL_PUBLC_URL is no setting and changes nothing; is QUIZFUNNEL_PUBLIC_URL meant?",
        "QUIZFUNNEL_SHOPFY_SECRET is no setting and changes nothing; is QUIZFUNNEL_SHOPIFY_SECRET meant?",
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


def test_settings_do_not_change() -> None:
    """Nothing can change a setting while the program runs."""
    with pytest.raises(ValidationError):
        StoreSettings.load().proxies = 2  # type: ignore[misc]


EXPERIMENTS = """
[holdout]
name = "everywhere"
share = 0.1

[comparisons.shorter]
quizzes = ["coffee", "coffee-short"]
window_days = 14
"""


def test_experiments_of_the_store_are_tables(store: Path) -> None:
    """A share, a window and the least effect have their defaults."""
    (store / "quizfunnel.toml").write_text(EXPERIMENTS)
    settings = StoreSettings.load()
    assert settings.holdout is not None
    assert (settings.holdout.name, settings.holdout.share, settings.holdout.window_days) == ("everywhere", 0.1, 7)
    shorter = settings.comparisons["shorter"]
    assert (shorter.quizzes, shorter.share, shorter.window_days) == (("coffee", "coffee-short"), 0.5, 14)
    assert shorter.minimum_effect == settings.holdout.minimum_effect == 0.5


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("share = 0.1", "share = 1.5", r"holdout: share: .*less than or equal to 0.9"),
        ("share = 0.1", "shere = 0.1", r"holdout: share: is missing"),
        ("everywhere", "Every where", r"holdout: name: must be a name of lower-case letters"),
        ("share = 0.1", "share = 0.1\nholdout_share = 1", r"holdout: holdout_share: is no key of this table"),
        ("coffee-short", "coffee", r"comparisons: shorter: quizzes: names coffee twice"),
        ('"coffee-short"]', '"coffee-short", "x"]', r"comparisons: shorter: quizzes: "),
        ("everywhere", "shorter", r"toml: holdout and a comparison are both named shorter"),
        (
            "window_days = 14",
            'window_days = 14\n[comparisons.b]\nquizzes = ["coffee", "c"]',
            r"coffee is in two of them",
        ),
    ],
)
def test_a_wrong_experiment_is_told_with_its_place(store: Path, before: str, after: str, said: str) -> None:
    """The table, the key, and what is wrong with it."""
    (store / "quizfunnel.toml").write_text(EXPERIMENTS.replace(before, after))
    with pytest.raises(SettingsError, match=rf"quizfunnel\.toml: .*{said}" if "toml" not in said else said):
        StoreSettings.load()


def test_an_experiment_from_the_environment_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is none is told with an example."""
    monkeypatch.setenv("QUIZFUNNEL_HOLDOUT", '{"name": "everywhere", "share": 0.1}')
    assert StoreSettings.load().holdout is not None
    monkeypatch.setenv("QUIZFUNNEL_HOLDOUT", "everywhere")
    with pytest.raises(SettingsError, match=r'QUIZFUNNEL_HOLDOUT: .*; write it like \{"name"'):
        StoreSettings.load()
