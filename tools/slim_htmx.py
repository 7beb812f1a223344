"""htmx without what our configuration turns off anyway, on its way through a minifier.

`python tools/slim_htmx.py < htmx.js > slim.js`. Each function that is named here is never entered, or can do nothing,
under what static/quiz.js configures: no evaluation of code (the content security policy forbids it), no pages kept in
the browser, no styles written into the page. Its body goes; whoever calls it is left as it is.
"""

import re
import sys

UNUSED = {
    # allowEval is false: hx-on, trigger filters and values that are code raise an error, and do nothing
    "internalEval": "",
    "maybeEval": "",
    "maybeGenerateConditional": "return null",
    "maybeFilterEvent": "return false",
    "shouldProcessHxOn": "return false",
    "processHXOnRoot": "",
    "findHxOnWildcardElements": "return []",
    "processHxOnWildcard": "",
    "addHxOnEventHandler": "",
    "deInitOnHandlers": "",
    # historyCacheSize is 0: the page before comes from the server
    "saveToHistoryCache": "",
    "getCachedHistory": "return null",
    "cleanInnerHtmlForHistory": "return ''",
    # includeIndicatorStyles is false
    "insertIndicatorStyles": "",
    # for whoever looks at events in a console
    "logAll": "",
    "logNone": "",
}


def without(source: str, name: str, body: str) -> str:
    """Return `source` with another body for one function; ValueError where it has none of this name."""
    head = re.search(rf"\n( +)function {name}\(.*?\) \{{\n", source)
    if head is None:
        raise ValueError(f"htmx has no function {name} any more: look at what took its place")
    end = source.index(f"\n{head[1]}}}\n", head.end() - 1)
    line = f"{head[1]}  {body}\n" if body else ""
    return source[: head.end()] + line + source[end + 1 :]


def main() -> None:
    """Read htmx, write it slimmer."""
    source = sys.stdin.read()
    for name, body in UNUSED.items():
        source = without(source, name, body)
    sys.stdout.write(source)


if __name__ == "__main__":
    main()
