"""Page context of the demo's landing page; pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LandingPage:
    """`demo/landing.html`: the three ways into the demo, and the switch that shows the shop as either arm sees it.

    `choices` are that switch's, by their values, and `seen_as` the one that was made, empty for none.
    """

    lang: str
    title: str
    shop: str
    quizzes: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]
    simulated: int
    choices: Mapping[str, str]
    seen_as: str
