"""Draw the demo store's pictures: one small SVG a product, from its catalogue, the quiz's choices, and both promises.

Run it from the checkout after changing a catalogue: ``python tools/draw_pictures.py``. All are of one hand: the same
light from the left, the same floor, a label with a sign of the product's name. A picture is dark on a dark page.
"""

import csv
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "static" / "img"


class Colours(NamedTuple):
    """The colour of a pack and the tile behind it, on a light and on a dark page."""

    ink: str
    tile: str
    dark_ink: str
    dark_tile: str


PALETTE = (
    Colours("#2f5d4c", "#e4ebe3", "#6aa38b", "#222c27"),
    Colours("#a2543a", "#f4e7de", "#c98266", "#33261f"),
    Colours("#33506b", "#e2e9ee", "#7897b3", "#1f2930"),
    Colours("#8a6a1f", "#f3ebd8", "#bf9d4e", "#302a1b"),
    Colours("#5c4775", "#eae5f0", "#9a86b4", "#2a2532"),
    Colours("#6b4630", "#efe6df", "#a98168", "#2e2520"),
)
CREAM, WOOD, DARK_CREAM, DARK_WOOD = "#fffdf8", "#c19a6b", "#efe9dd", "#a37f57"

_ROUND = "M-23 0a23 23 0 1 1 46 0a23 23 0 1 1-46 0"
_WAVES = "M-26 {}q6.5-9 13 0t13 0t13 0t13 0"
SIGNS = {
    "anchor": "M0-14V24M-6-20a6 6 0 1 1 12 0a6 6 0 1 1-12 0M-12-4H12M-22 8C-20 22-8 25 0 25S20 22 22 8",
    "birch": "M-15-26V26M1-26V26M17-26V26M-15-10h6M1 2h6M17-14h-6M-15 12h5",
    "candy": "M-12 0a12 12 0 1 1 24 0a12 12 0 1 1-24 0M-12 0L-28-10V10zM12 0L28-10V10z",
    "chimney": "M-24 26V2L-5-9V2L14-9V26zM4-12V-27h10V-8",
    "clock": _ROUND + "M0-14V0L10 7",
    "cracks": "M-26-8L-13 0L-2-10L10 0L25-9M-22 12L-10 20L1 10L13 20L24 13",
    "cross": "M0-27V18M-12-14H12M-11 18H11M-19 26H19",
    "drop": "M0-26C12-8 18 0 18 8A18 18 0 0 1-18 8C-18 0-12-8 0-26z",
    "ferry": "M-24 4H24L17 17H-17zM-11 4V-10H11V4M0-10V-24" + _WAVES.format(27),
    "flower": "M0 0C-16-10-10-26 0-26S16-10 0 0C10-16 26-10 26 0S10 16 0 0C16 10 10 26 0 26S-16 10 0 0C-10 16-26 10-26 0S-10-16 0 0z",
    "grain": "M0 28V-6M0-6c-8-5-8-14 0-21c8 7 8 16 0 21M0 9c-10 0-15-6-15-14c10 0 15 6 15 14c0-8 5-14 15-14c0 8-5 14-15 14",
    "halves": _ROUND + "M0-23V23M6-17L19-4M6-4L14 4M6 9L10 13",
    "hexagon": "M0-26L22-13V13L0 26L-22 13V-13zM0-11L9.500-5.500V5.500L0 11L-9.500 5.500V-5.500z",
    "kettle": "M-19 23C-23 4-16-8 0-8S23 4 19 23zM19 6L28-6M-12-8C-12-27 12-27 12-8",
    "lamp": "M-15-4L-8-24H8L15-4zM0-4V22M-12 24H12",
    "lantern": "M-16-15H16L20 0L16 15H-16L-20 0zM-8-21H8M-8 21H8M0-29V-21M-7-15L-9 0L-7 15M7-15L9 0L7 15",
    "leaf": "M-18 21C-22-8 0-24 22-22C23 4 6 23-18 21zM-24 27L8-8",
    "meadow": "M-21 25Q-19 2-26-10M-7 25Q-5-6-12-23M8 25Q6-3 14-21M22 25Q20 5 27-8",
    "middle": "M0-17L4-4L17 0L4 4L0 17L-4 4L-17 0L-4-4zM-28-10L-23-2L-29 6M28-10L23-2L29 6",
    "moon": "M17 15A22 22 0 1 1 3-23A18 18 0 0 0 17 15z",
    "mountain": "M-28 22L-7-20L3-3L10-13L28 22zM-14-6L-7-1L-1-9",
    "shield": "M0-26L22-17V2C22 15 10 23 0 27C-10 23-22 15-22 2V-17zM-9 1L-2 8L11-7",
    "slice": _ROUND + "M0-23V23M-20-12L20 12M-20 12L20-12",
    "smile": "M-17 4a17 17 0 0 0 34 0M-10-14v4M10-14v4",
    "sparkle": "M-4-22L2-4L20 2L2 8L-4 26L-10 8L-28 2L-10-4zM20-26v12M14-20h12",
    "stones": "M-26 22V8H-8V22zM-2 22V8H26V22zM-15 2V-12H9V2zM-4-18V-26H16V-18z",
    "sun": "M-11 0a11 11 0 1 1 22 0a11 11 0 1 1-22 0M0-27v7M0 20v7M-27 0h7M20 0h7M-19-19l5 5M14 14l5 5M19-19l-5 5M-14 14l-5 5",
    "tide": "M-15-2a15 15 0 0 1 30 0M0-27v4M-22-18l3 3M22-18l-3 3" + _WAVES.format(10) + _WAVES.format(23),
    "tree": "M0 28V2M-19-9a19 18 0 1 1 38 0a19 18 0 1 1-38 0M0 12L9 4",
    "waves": _WAVES.format(-12) + _WAVES.format(3) + _WAVES.format(18),
}
"""Strokes of each sign around its middle, some 56 across."""

# The first word that a product's name holds gives its sign.
SIGN_OF = {
    "harbour": "anchor",
    "ferry": "ferry",
    "lamplight": "lamp",
    "meadow": "meadow",
    "lantern": "lantern",
    "kettle": "kettle",
    "hour": "clock",
    "minute": "clock",
    "orchard": "tree",
    "market": "cross",
    "sunday": "sun",
    "birch": "birch",
    "tide": "tide",
    "chimney": "chimney",
    "mountain": "mountain",
    "quarry": "stones",
    "toffee": "candy",
    "oat": "grain",
    "honey": "hexagon",
    "peptide": "hexagon",
    "firm": "hexagon",
    "rose": "flower",
    "silk": "flower",
    "citrus": "slice",
    "fruit": "slice",
    "zone": "halves",
    "matte": "halves",
    "barrier": "shield",
    "night": "moon",
    "glow": "sun",
    "light": "sun",
    "bright": "sun",
    "dew": "sun",
    "clay": "waves",
    "foam": "waves",
    "cloud": "waves",
    "willow": "leaf",
    "calm": "leaf",
    "plain": "leaf",
    "first": "leaf",
}

BAG = (
    '<path id="b" class="i" d="M128 106h144l12 36q5 92 0 168-1 14-16 14H132q-15 0-16-14-5-76 0-168z"/>'
    '<path d="M128 106h144l12 36H116z" opacity=".2"/><rect x="111" y="136" width="178" height="13" rx="6.500" class="c"/>'
    '<circle cx="200" cy="170" r="6" opacity=".28"/><rect x="140" y="190" width="120" height="108" rx="10" class="c"/>'
)
TIN = (
    '<path id="b" class="i" d="M122 122h156v188q0 14-14 14H136q-14 0-14-14z"/><rect x="114" y="90" width="172" height="40" rx="10" class="i"/>'
    '<path d="M114 112h172v8q0 10-10 10H124q-10 0-10-10z" opacity=".2"/><circle cx="200" cy="228" r="58" class="c"/>'
)
TUBE = (
    '<path id="b" class="i" d="M148 92h104l-12 194h-80z"/><rect x="143" y="80" width="114" height="18" rx="5" class="i"/>'
    '<path d="M143 92h114v1q0 5-5 5H148q-5 0-5-5z" opacity=".22"/><rect x="162" y="284" width="76" height="40" rx="8" class="w"/>'
    '<rect x="163" y="128" width="74" height="116" rx="8" class="c"/>'
)
JAR = (
    '<rect id="b" x="102" y="192" width="196" height="132" rx="30" class="i"/><rect x="96" y="146" width="208" height="54" rx="14" class="w"/>'
    '<path d="M96 182h208v4q0 14-14 14H110q-14 0-14-14z" opacity=".14"/><rect x="142" y="216" width="116" height="88" rx="10" class="c"/>'
)
DROPPER = (
    '<path d="M183 160V106a17 17 0 0 1 34 0v54z" class="i"/><path d="M183 160V106a17 17 0 0 1 34 0v54z" opacity=".3"/>'
    '<rect x="170" y="148" width="60" height="42" rx="7" class="w"/><rect id="b" x="140" y="186" width="120" height="138" rx="24" class="i"/>'
    '<rect x="156" y="212" width="88" height="92" rx="10" class="c"/>'
)
PUMP = (
    '<path d="M146 94h80q11 0 11 11v25h-44v-12h-43q-12 0-12 13h-14q0-37 22-37z" class="w"/><rect x="183" y="124" width="34" height="34" class="w"/>'
    '<rect x="183" y="140" width="34" height="18" opacity=".16"/><rect id="b" x="128" y="156" width="144" height="168" rx="28" class="i"/>'
    '<rect x="147" y="196" width="106" height="98" rx="10" class="c"/>'
)
CUP = (
    '<path id="b" class="c" d="M112 190h164v56q0 66-62 66h-40q-62 0-62-66z"/><path d="M276 206h18q26 0 26 28t-30 30h-18" fill="none" stroke="#fffdf8" stroke-width="15"/>'
    '<ellipse cx="194" cy="192" rx="82" ry="15" class="i"/><rect x="86" y="310" width="222" height="14" rx="7" class="c"/>'
    '<path d="M164 158q-14-22 0-40t0-40M202 158q-14-22 0-40t0-40" fill="none" class="z" stroke-width="6" opacity=".45"/>'
)
MIRROR = (
    '<path d="M190 262h20v50h-20z" class="w"/><rect x="140" y="308" width="120" height="16" rx="8" class="w"/>'
    '<circle id="b" cx="200" cy="176" r="98" class="i"/><circle cx="200" cy="176" r="76" class="c"/>'
)


class Pack(NamedTuple):
    """A kind of pack: its drawing, and where on its label a sign stands, how large."""

    drawing: str
    across: int
    down: int
    size: float


PACKS = {
    "Whole bean": Pack(BAG, 200, 236, 1.15),
    "Ground": Pack(TIN, 200, 228, 1.2),
    "Cleanser": Pack(PUMP, 200, 245, 1.05),
    "Moisturiser": Pack(JAR, 200, 260, 1),
    "Serum": Pack(DROPPER, 200, 258, 1),
    "Mask": Pack(TUBE, 200, 186, 0.95),
}
CHOICES = {
    "tight": (Pack(MIRROR, 200, 176, 1.9), "cracks"),
    "shiny": (Pack(MIRROR, 200, 176, 1.9), "sparkle"),
    "both": (Pack(MIRROR, 200, 176, 1.9), "middle"),
    "fine": (Pack(MIRROR, 200, 176, 1.9), "smile"),
}
# Each thing of a promise's picture: what it is, its sign, how far along, how large.
SCENES = {
    "coffee": (
        0,
        (
            (PACKS["Whole bean"], "tide", -10, 1.2),
            (PACKS["Ground"], "tide", 215, 1),
            (Pack(CUP, 0, 0, 0), "", 425, 0.95),
        ),
    ),
    "skin-care": (
        1,
        (
            (PACKS["Cleanser"], "leaf", -15, 1.2),
            (PACKS["Moisturiser"], "leaf", 205, 1),
            (PACKS["Serum"], "leaf", 395, 1.05),
        ),
    ),
}

MARK = ' id="b"'  # of the body, which has the light on it
LIGHT = '<linearGradient id="l"><stop stop-color="#fff" stop-opacity=".2"/><stop offset=".4" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-opacity=".24"/></linearGradient>'


def style(colours: Colours) -> str:
    """Return the colours of a picture: pack, tile, label, lid and strokes, and those of a dark page."""
    ink, tile, dark_ink, dark_tile = colours
    plain = {"t": tile, "i": ink, "c": CREAM, "w": WOOD}
    dark = {"t": dark_tile, "i": dark_ink, "c": DARK_CREAM, "w": DARK_WOOD}
    fills, dark_fills = ("".join(f".{name}{{fill:{value}}}" for name, value in each.items()) for each in (plain, dark))
    strokes = f".s,.z{{stroke:{ink};stroke-linecap:round;stroke-linejoin:round}}"
    at_night = f"{dark_fills}.z{{stroke:{dark_ink}}}"
    return f"<style>{fills}{strokes}@media(prefers-color-scheme:dark){{{at_night}}}</style>"


def thing(pack: Pack, sign: str) -> str:
    """Return a pack with its light and the sign on its label, standing on the floor of a square picture."""
    start = pack.drawing.rindex("<", 0, pack.drawing.index(MARK))
    body = pack.drawing[start : pack.drawing.index("/>", start) + 2]
    light = re.sub(r'class="[ic]"', 'fill="url(#l)"', body)
    lit = pack.drawing.replace(body, body + light).replace(MARK, "")
    shadow = '<ellipse cx="200" cy="325" rx="112" ry="9" opacity=".16"/>'
    if not sign:
        return shadow + lit
    place = f"translate({pack.across} {pack.down})" + ("" if pack.size == 1 else f"scale({pack.size})")
    return f'{shadow}{lit}<path transform="{place}" d="{SIGNS[sign]}" fill="none" class="s" stroke-width="4.500"/>'


def near(drawn: str) -> str:
    """Return what stands on the floor a little larger, so that it fills a small tile and no wide one cuts it."""
    return f'<g transform="translate(-30-48.75)scale(1.15)">{drawn}</g>'


def picture(width: int, height: int, colours: Colours, things: Sequence[str]) -> str:
    """Return a whole picture: its tile, the floor, and what stands on it."""
    floor_at = height - 100 if width == height else height - 125
    floor = f'<path d="M0 {floor_at}h{width}v{height}H0z" opacity=".05"/>'
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{style(colours)}{LIGHT}'
        f'<path class="t" d="M0 0h{width}v{height}H0z"/>{floor}{"".join(things)}</svg>\n'
    )
    return text.replace(".500", ".5")


def colours_of(name: str) -> Colours:
    """Return the colours of a product, which follow from its name: beans and ground of one coffee are alike."""
    line = name.removesuffix("-beans").removesuffix("-ground")
    return PALETTE[sha256(line.encode()).digest()[0] % len(PALETTE)]


def sign_of(name: str) -> str:
    """Return the sign of a product's name; a drop where it says nothing that can be drawn."""
    return next((sign for word, sign in SIGN_OF.items() if word in name), "drop")


def scene(number: int, things: Sequence[tuple[Pack, str, int, float]]) -> str:
    """Return the wide picture of a promise."""
    placed = [
        f'<g transform="translate({along} {round(350 - 325 * size, 1):g})scale({size})">{thing(pack, sign)}</g>'
        for pack, sign, along, size in things
    ]
    return picture(800, 450, PALETTE[number], placed)


def main() -> None:
    """Draw every product of both catalogues, the choices with pictures, and the promises' pictures."""
    for slug in ("coffee", "skin-care"):
        folder = FOLDER / slug
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "promise.svg").write_text(scene(*SCENES[slug]))
        with (ROOT / "quizzes" / "catalogs" / f"{slug}.csv").open(newline="") as file:
            for row in csv.DictReader(file):
                name = row["id"]
                drawn = picture(400, 400, colours_of(name), [near(thing(PACKS[row["type"]], sign_of(name)))])
                (folder / f"{name}.svg").write_text(drawn)
    for place, (name, (pack, sign)) in enumerate(CHOICES.items()):
        drawn = picture(400, 400, PALETTE[place], [thing(pack, sign)])
        (FOLDER / "skin-care" / f"choice-{name}.svg").write_text(drawn)


if __name__ == "__main__":
    main()
