"""Laws of keys that a table of settings does not know: what is perhaps meant is named with it."""

from pathlib import Path

import pytest

from quizfunnel.settings import Settings, SettingsError


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[shop]\norgins = ["https://shop.example"]', "is origins meant?"),
        ('[invitations]\n"/tea" = {quiz = "tea", titel = "x"}', "is title meant?"),
        ('[shop.banner_words.de]\ntxt = "x"', "is text meant?"),
        ('[comparisons.a]\nquizes = ["a", "b"]', "is quizzes meant?"),
        ("[holdout]\npercent = 20", "there is: name, share, window_days, minimum_effect"),
        (
            '[holdout]\npublic_url = "https://quiz.example"',
            "a setting of its own, which stands above the first line in",
        ),
        ('[retention]\nbodys = "30 days"', "is bodies meant?"),
    ],
)
def test_an_unknown_key_is_told_with_what_is_meant(store: Path, text: str, told: str) -> None:
    """One that is spelt alike, else all that there are; and what TOML takes for a table's, standing below it."""
    (store / "quizfunnel.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        Settings.load()
    (line,) = [line for line in str(error.value).splitlines() if "is no key of this table" in line]
    assert told in line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("shop_url = https://shop.example", "a text stands in quotation marks"),
        ("shop_url = \u201chttps://shop.example\u201d", "write straight quotation marks"),
        ("proxies = 1\nproxies = 2\n", "it stands there twice"),
        ("[shop]\n[shop]", "it stands there twice"),
    ],
)
def test_what_is_no_toml_is_told_with_its_usual_cause(store: Path, text: str, told: str) -> None:
    """Beside the library's words, which name the line."""
    (store / "quizfunnel.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsError, match=r"line [12]") as error:
        Settings.load()
    assert told in str(error.value)
