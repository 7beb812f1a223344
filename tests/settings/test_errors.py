"""Every wrong setting is told with where it stands and what to do; no secret is told."""

import re
from pathlib import Path

import pytest

from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.settings import SettingsError, gone, strangers


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "mysql://shop", "must begin with sqlite:/// or postgresql://"),
        ("PUBLIC_URL", "quiz.example", "must be an address without a path"),
        ("PUBLIC_URL", "https://quiz.example/deep", "must be an address without a path"),
        ("PUBLIC_URL", "http://quiz.example", "must begin with https://"),
        ("PROXIES", "many", "must be a whole number; it is 'many'"),
        ("PUBLIC_URL", "https://a.example,http://localhost", "must all begin with https://"),
        ("PROXIES", "-1", "must be 0 or more; it is '-1'"),
        ("CONSENT", "perhaps", "must be 'ask' or 'off'; it is 'perhaps'"),
        ("SHOP_URL", "javascript:x", "must be a path like /shop or an address like https://shop.example; it is 'java"),
        ("PRIVACY_URL", "notice", "must be a path"),
        ("SHOP_HOSTS", "https://pay.example", "must be names of hosts alone, without https:// or a path"),
        ("PRIVATE_HOSTS", "erp.lan, http://erp.lan/x", "must be hosts, each with a port if need be"),
        ("CATALOGS", '{"../x.csv": "/srv/x.csv"}', "must be a file as quizzes name it"),
        ("CATALOGS", '{"x.csv": "ftp://shop.example/x.csv"}', "must be an https address, a file or a folder"),
        ("CATALOGS", '{"x.csv": "https://a:b@shop.example/x.csv"}', "without a name or password"),
        ("CATALOGS", '{"coffee.yaml": "/srv/x.yaml"}', "must lie in a folder of its own"),
        ("CATALOGS", '{"x.csv": {"from": "https://a.example", "authorization": "Bearer ü"}}', "must be one line"),
        ("CATALOGS", '{"x.csv": {"file": "x"}}', "from: is missing"),
        ("STANDARD_SECRET", "whsec_not base64!", "is no base64"),
        ("STANDARD_SECRET", "whsec_c2hvcnQ=", "is too short"),
        ("INVITATIONS", "coffee", "is no JSON object"),
    ],
)
def test_a_wrong_value_is_told_with_its_name(name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message begins with the variable, and says what it must be and, but for secrets, what it is."""
    monkeypatch.setenv(f"QUIZFUNNEL_{name}", value)
    with pytest.raises(SettingsError, match=rf"^QUIZFUNNEL_{name}: .*{re.escape(told)}"):
        StoreSettings.load()


def test_a_wrong_secret_is_told_without_its_value(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is the address of a database, which may hold a password; a long value is shortened."""
    monkeypatch.setenv("QUIZFUNNEL_DATABASE_URL", "mysql://shop:hunter2@db.example")
    monkeypatch.setenv("QUIZFUNNEL_SOURCES", '{"shopify": "hunter2"}')
    monkeypatch.setenv("QUIZFUNNEL_CATALOGS", '{"x.csv": "ftp://shop.example/?key=hunter2"}')
    monkeypatch.setenv("QUIZFUNNEL_PRIVACY_URL", "x" * 500)
    (store / "quizfunnel.toml").write_text("secret_key = 123456789\n")
    with pytest.raises(SettingsError) as told:
        StoreSettings.load()
    assert len(str(told.value).splitlines()) == 5
    assert "hunter2" not in str(told.value)
    assert "123456789" not in str(told.value)
    assert max(map(len, str(told.value).splitlines())) < 300


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


@pytest.mark.parametrize("suffix", ["", "_FILE"])
def test_a_setting_that_has_gone_says_what_to_do_instead(suffix: str) -> None:
    """The staff password is named with the command that takes its place, once, and never ignored in silence."""
    lines = strangers({f"QUIZFUNNEL_STAFF_PASSWORD{suffix}": "x"}, StoreSettings.variables())
    assert len(lines) == 1
    assert lines[0].startswith(f"QUIZFUNNEL_STAFF_PASSWORD{suffix} opens nothing any more")
    assert "quizfunnel staff add NAME --role admin" in lines[0]
    assert gone({"QUIZFUNNEL_STAFF_PASSWORD": ""}) == []


def test_a_setting_that_has_gone_is_refused_in_the_file(store: Path) -> None:
    """In quizfunnel.toml as any other that is none, and with what to do instead."""
    (store / "quizfunnel.toml").write_text('staff_password = "x"\n')
    with pytest.raises(SettingsError, match=r"quizfunnel\.toml: staff_password opens nothing any more"):
        StoreSettings.load()
