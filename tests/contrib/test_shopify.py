"""Laws of the files for Shopify: each puts the snippet on the page once, and the block's schema is one."""

import json
import re

import pytest

from tests.commands import ROOT

FOLDER = ROOT / "contrib" / "shopify"
TAG = "<script async src=\"{{ url | append: '/qf.js' | escape }}\"></script>"


@pytest.mark.parametrize("name", ["quizfunnel.liquid", "app-embed.liquid"])
def test_the_tag_stands_once_and_loads_beside_the_page(name: str) -> None:
    """Asynchronous, and only where an address is set: a theme without it shows nothing broken."""
    text = (FOLDER / name).read_text("utf-8")
    assert text.count("<script") == 1
    assert text.index("{%- if url != blank -%}") < text.index(TAG) < text.index("{%- endif -%}")


def test_the_schema_of_the_block_is_one_that_stands_in_the_head() -> None:
    """Shopify refuses a block whose schema is no JSON or names no target."""
    block = re.search(r"{% schema %}(.*){% endschema %}", (FOLDER / "app-embed.liquid").read_text("utf-8"), re.DOTALL)
    assert block is not None
    schema = json.loads(block[1])
    assert (schema["target"], [each["id"] for each in schema["settings"]]) == ("head", ["url"])
    assert len(schema["name"]) <= 25
