"""Laws of the slim htmx: a named function keeps its head, all else stays, and a name that is gone is an error."""

import pytest

from tests.docs import markdown
from tools.slim_htmx import UNUSED, without

BODY = "    if (x) {\n      eval(x)\n    }\n"
SOURCE = f"var htmx = (function() {{\n  function a(x) {{\n{BODY}  }}\n  function b() {{\n  }}\n}})()\n"


def test_a_function_loses_its_body_alone() -> None:
    """Callers find it, and it returns what it is told to."""
    assert without(SOURCE, "a", "return null") == SOURCE.replace(
        "    if (x) {\n      eval(x)\n    }\n", "    return null\n"
    )


def test_a_function_that_is_gone_is_an_error() -> None:
    """A newer htmx is looked at before it is taken."""
    with pytest.raises(ValueError, match="has no function c any more"):
        without(SOURCE, "c", "")


def test_the_vendored_file_evaluates_nothing() -> None:
    """Neither eval nor Function is left in it, and it is the version that the script fetches."""
    built = (markdown.ROOT / "static" / "vendor" / "htmx.min.js").read_text("utf-8")
    assert "eval(" not in built
    assert "Function(" not in built
    version = (markdown.ROOT / "tools" / "vendor.sh").read_text("utf-8").partition("HTMX=")[2].split()[0]
    assert f'version:"{version}"' in built
    assert len(UNUSED) > 10
