"""Colours and settings of themes that tests are made of."""

from hypothesis import strategies as st

from quizfunnel.theme.ready import READY
from quizfunnel.theme.tokens import SETTABLE

HEX = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
COLOURS = HEX | st.fixed_dictionaries({"light": HEX, "dark": HEX})
SETTINGS = st.fixed_dictionaries(
    {"name": st.sampled_from(["", *READY])},
    optional={
        **dict.fromkeys(SETTABLE, COLOURS),
        "radius": st.sampled_from(["0", "4px", "1.5rem", ".25em"]),
        "font": st.lists(st.from_regex(r"[A-Za-zÀ-ÖØ-öø-ÿぁ-ん][\w .-]{0,10}", fullmatch=True), min_size=1, max_size=3),
        "ease": st.sampled_from(["none", "180ms ease-out", ".18s cubic-bezier(.2, .7, .2, 1)"]),
    },
)
