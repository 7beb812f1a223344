"""Brackets of one line: those that are opened and not closed, or closed and not opened; pure."""

_CLOSES = {"{": "}", "[": "]"}
_QUOTES = "\"'"


def mended(line: str) -> str:
    """Return a line with its brackets matched: closing ones added where they are missing, left out where too many."""
    kept: list[str] = []
    opened: list[str] = []
    quote, end = "", len(line)
    for place, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in _QUOTES and _begins_value(line, place):
            quote = sign
        elif sign == "#" and line[:place].endswith(" "):
            end = place
            break
        elif sign in _CLOSES:
            opened.append(sign)
        elif sign in _CLOSES.values():
            kept += _up_to(opened, sign)
            continue
        kept.append(sign)
    closing = "".join(_CLOSES[sign] for sign in reversed(opened))
    comment = line[end:]
    return (
        ("".join(kept).rstrip() + closing + ("  " + comment if comment else "")) if closing else "".join(kept) + comment
    )


def _up_to(opened: list[str], sign: str) -> list[str]:
    """Return the closing brackets that stand for one: with those missing before it, or none where nothing is open."""
    if sign not in (_CLOSES[each] for each in opened):
        return []
    closing: list[str] = []
    while not closing or closing[-1] != sign:
        closing.append(_CLOSES[opened.pop()])
    return closing


def _begins_value(line: str, place: int) -> bool:
    """Tell an opening quotation mark from an apostrophe: it stands at the beginning of a value."""
    return line[:place].rstrip(" ")[-1:] in ("", ":", ",", "[", "{", "-")
