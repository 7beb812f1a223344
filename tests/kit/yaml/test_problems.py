"""What a YAML parser stumbles over is said in plain words, without the parser's own."""

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from quizfunnel.kit.yaml.problems import in_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: b: c", "a second colon stands in this line"),
        ("a: {b c: [d e: f}", "a comma or the closing ] is missing"),
        ("a: {b: c d: e}", "a comma or the closing } is missing"),
        ("a: 1\nb\n", "a key above has no colon"),
        ("- a\nb: c", "does not fit those above it"),
        ("a:\n\tb: c", "a tab stands here"),
        ("a: @b", "a text cannot begin with @"),
        ('a: "b', "is never closed"),
        ('a: "\\q"', "a backslash in double quotation marks"),
        ("a: [b, -", "a value is missing"),
    ],
)
def test_a_parsers_problem_is_said_in_plain_words(text: str, words: str) -> None:
    """No tokens, no blocks, no nodes."""
    with pytest.raises(MarkedYAMLError) as error:
        list(YAML(typ="safe", pure=True).parse(text))
    said = in_words(str(error.value.problem))
    assert words in said
    assert not {"token", "block", "scalar", "node", "mapping"} & set(said.replace(",", " ").split())


def test_what_nobody_has_met_yet_is_plain_too() -> None:
    """The parser may learn new words."""
    assert in_words("did not find expected <foo>").startswith("it cannot be read from here on")
