"""Every setting says what is wrong with it, where it stands and what to do; no secret is told."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from quizfunnel.settings import SECRETS, Settings, SettingsError, strangers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty store as the current folder, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("STORE", "SECRET_KEY", *(name.upper() for name in Settings.model_fields)):
        monkeypatch.delenv(f"QUIZFUNNEL_{name}", raising=False)
    return tmp_path


def test_an_empty_store_needs_no_setting(store: Path) -> None:
    """Without any setting the store is the current folder, with SQLite in var/."""
    settings = Settings.load()
    assert settings.store == store
    assert settings.database == f"sqlite:///{store / 'var' / 'quizfunnel.sqlite3'}"
    assert not settings.secure


def test_a_store_that_is_not_there_is_no_new_one(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt folder is told and not made."""
    monkeypatch.setenv("QUIZFUNNEL_STORE", str(store / "shpo"))
    with pytest.raises(SettingsError, match=r"QUIZFUNNEL_STORE: .*shpo is no folder; quizfunnel init"):
        Settings.load()
    assert not (store / "shpo").exists()


def test_the_environment_comes_before_the_file(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting in quizfunnel.toml holds until the environment says otherwise."""
    (store / "quizfunnel.toml").write_text('consent = "off"\nproxies = 1\n[invitations]\n"/tea*" = "tea"\n')
    monkeypatch.setenv("QUIZFUNNEL_CONSENT", "ask")
    settings = Settings.load()
    assert (settings.consent, settings.proxies, settings.invitations) == ("ask", 1, {"/tea*": "tea"})


def test_the_file_is_that_of_the_store_that_is_named(store: Path) -> None:
    """A store given by its path brings its own quizfunnel.toml, whatever the current folder is."""
    other = store / "other"
    other.mkdir()
    (other / "quizfunnel.toml").write_text('consent = "off"\n')
    assert Settings(store=other).consent == "off"
    assert Settings().consent == "ask"


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_may_stand_in_a_file(name: str, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """QUIZFUNNEL_<NAME>_FILE names a file that holds the secret, with or without a last line end."""
    value = {"standard_secret": SECRET, "database_url": "sqlite:///here.sqlite3"}.get(name, "sixteen letters or more")
    (store / "secret").write_text(value + "\n")
    monkeypatch.setenv(f"QUIZFUNNEL_{name.upper()}_FILE", str(store / "secret"))
    found = getattr(Settings.load(), name)
    assert (found if isinstance(found, str) else found.get_secret_value()) == value


def test_a_secret_stands_in_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same secret in the environment and in a file is refused, since one of them is stale."""
    monkeypatch.setenv("QUIZFUNNEL_SHOPIFY_SECRET", "hush-hush")
    monkeypatch.setenv("QUIZFUNNEL_SHOPIFY_SECRET_FILE", "anywhere")
    with pytest.raises(SettingsError, match=r"QUIZFUNNEL_SHOPIFY_SECRET and .*_FILE are both set") as told:
        Settings.load()
    assert "hush-hush" not in str(told.value)


def test_a_secret_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable and the file are in the message."""
    monkeypatch.setenv("QUIZFUNNEL_STAFF_PASSWORD_FILE", "/nowhere/at/all")
    with pytest.raises(SettingsError, match="QUIZFUNNEL_STAFF_PASSWORD_FILE: /nowhere/at/all cannot be read"):
        Settings.load()


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
        Settings.load()


def test_every_wrong_value_is_told_at_once(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line a mistake, from the environment and from the file alike, and no secret among them."""
    (store / "quizfunnel.toml").write_text('consnt = "off"\nstandard_secret = "not base64!"\n')
    monkeypatch.setenv("QUIZFUNNEL_PROXIES", "-1")
    with pytest.raises(SettingsError) as told:
        Settings.load()
    lines = str(told.value).splitlines()
    assert len(lines) == 3
    assert any(line.endswith("quizfunnel.toml: consnt is no setting; is consent meant?") for line in lines)
    assert any("quizfunnel.toml: standard_secret: is no base64" in line for line in lines)
    assert any(line.startswith("QUIZFUNNEL_PROXIES: ") for line in lines)
    assert "not base64!" not in str(told.value)


def test_a_file_that_is_no_toml_is_named(store: Path) -> None:
    """The file and the place in it are in the message."""
    (store / "quizfunnel.toml").write_text("consent off\n")
    with pytest.raises(SettingsError, match=r"quizfunnel\.toml: is no TOML: .*line 1"):
        Settings.load()


def test_a_misspelt_variable_is_pointed_out() -> None:
    """A variable that begins with QUIZFUNNEL_ and is no setting is named, with the setting perhaps meant."""
    lines = strangers(
        {"QUIZFUNNEL_PUBLC_URL": "x", "QUIZFUNNEL_DEMO": "1", "HOME": "x", "QUIZFUNNEL_SECRET_KEY_FILE": "x"}
    )
    assert lines == ["QUIZFUNNEL_PUBLC_URL is no setting and changes nothing; is QUIZFUNNEL_PUBLIC_URL meant?"]


def test_a_key_is_made_once_and_only_its_owner_reads_it(store: Path) -> None:
    """Without a configured key one is kept in var/ with mode 600, the same at the next start."""
    keys = Settings.load().keys()
    assert keys == Settings.load().keys()
    assert (store / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_keys_rotate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several keys are taken in order; the first signs."""
    monkeypatch.setenv("QUIZFUNNEL_SECRET_KEY", "the new key, 16 or more;,the old key, 16 or more;".replace(", ", "- "))
    assert Settings.load().keys() == (b"the new key- 16 or more;", b"the old key- 16 or more;")


def test_a_short_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer than 16 characters are refused with the way to make a key, without telling it."""
    monkeypatch.setenv("QUIZFUNNEL_SECRET_KEY", "tooshort")
    with pytest.raises(SettingsError, match=r"fewer than 16 characters; make one with python3") as told:
        Settings.load().keys()
    assert "tooshort" not in str(told.value)


def test_postgresql_needs_a_key_of_its_own(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several machines may share a PostgreSQL database, so a key made on one of them is refused."""
    monkeypatch.setenv("QUIZFUNNEL_DATABASE_URL", "postgresql://shop@db.example/shop")
    with pytest.raises(SettingsError, match="QUIZFUNNEL_SECRET_KEY is not set: with PostgreSQL"):
        Settings.load().keys()
    assert not (store / "var").exists()


def test_settings_do_not_change() -> None:
    """Nothing can change a setting while the program runs."""
    with pytest.raises(ValidationError):
        Settings.load().proxies = 2  # type: ignore[misc]


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
    settings = Settings.load()
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
        Settings.load()


def test_an_experiment_from_the_environment_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is none is told with an example."""
    monkeypatch.setenv("QUIZFUNNEL_HOLDOUT", '{"name": "everywhere", "share": 0.1}')
    assert Settings.load().holdout is not None
    monkeypatch.setenv("QUIZFUNNEL_HOLDOUT", "everywhere")
    with pytest.raises(SettingsError, match=r'QUIZFUNNEL_HOLDOUT: .*; write it like \{"name"'):
        Settings.load()
