"""Problems of a YAML parser in plain words: where it stopped, and what to look at there; pure."""

import re

_PLAIN = (
    (r"mapping values are not allowed", "a second colon stands in this line, or a key where no key can begin"),
    (r"expected ',' or '(.)'", r"a comma or the closing \1 is missing before this"),
    (r"could not find expected ':'", "a key above has no colon behind it"),
    (r"expected <block end>", "the line does not fit those above it; look at its indentation and at its hyphen"),
    (r"found character '\\t'", "a tab stands here; write spaces"),
    (r"found character '(.)' that cannot start", r"a text cannot begin with \1; put it in quotation marks"),
    (r"unexpected end of stream|end of stream", "a quotation mark or a bracket above is never closed"),
    (r"unknown escape character", "a backslash in double quotation marks begins a code; use single ones"),
    (r"expected the node content", "a value is missing, or a sign stands where a value should begin"),
    (r"expected alphabetic or numeric", "a text that begins with & or * must be in quotation marks"),
    (r"sequence entries are not allowed", "a hyphen begins a list where none can stand"),
)


def in_words(problem: str) -> str:
    """Return what a parser says about a place in words for whoever wrote the file."""
    for pattern, words in _PLAIN:
        if match := re.search(pattern, problem):
            return match.expand(words)
    return "it cannot be read from here on; look at the indentation, colons and quotation marks"
