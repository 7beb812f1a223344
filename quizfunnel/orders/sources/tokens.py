"""Tokens of ours among an order's attributes, wherever a platform or a theme has put them; pure."""

from collections.abc import Iterable, Iterator

VISITOR_NAMES = ("qf_visitor", "_qf_visitor")  # a leading underscore hides it from buyers
CLICK_NAMES = ("qf_click", "_qf_click")

_MOST = 20  # candidates: each is verified
_LONGEST = 500


def attributes(*given: object) -> Iterator[tuple[str, str]]:
    """Yield names and texts of attributes: of a list of objects with `name` or `key` and `value`, or of one object."""
    for each in given:
        if isinstance(each, dict):
            pairs = list(each.items())
        elif isinstance(each, list):
            items = [item for item in each if isinstance(item, dict)]
            pairs = [(item.get("name", item.get("key")), item.get("value")) for item in items]
        else:
            continue
        for name, value in pairs:
            if isinstance(name, str) and isinstance(value, str):
                yield name, value


def candidates(pairs: Iterable[tuple[str, str]], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts under one of the names, in their order and each once: the first that verifies counts."""
    texts = dict.fromkeys(value.strip()[:_LONGEST] for name, value in pairs if name.strip() in names)
    return tuple(filter(None, texts))[:_MOST]
