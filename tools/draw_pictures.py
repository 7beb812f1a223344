"""Draw the demo store's pictures: one small SVG a product, from its catalogue, and the quiz's choices.

Run it from the checkout after changing a catalogue: ``python tools/draw_pictures.py``.
"""

import csv
import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAPER = ["#f3ede4", "#e8eef2", "#eef2e6", "#f5e9e6", "#ece9f4", "#e6f1ef"]
INK = ["#7a4b2a", "#2f5d73", "#55703b", "#a1503c", "#5d4c8c", "#2d6f66", "#8a6d1f", "#3d4a5c"]

BAG = (
    '<path d="M130 90h140l14 30v190a12 12 0 0 1-12 12H128a12 12 0 0 1-12-12V120z" fill="{ink}"/>'
    '<path d="M130 90h140l14 30H116z" fill="#000" opacity=".22"/>'
    '<rect x="138" y="160" width="124" height="104" rx="8" fill="{paper}"/>'
    '<ellipse cx="200" cy="212" rx="{wide}" ry="30" fill="{ink}" transform="rotate({turn} 200 212)"/>'
    '<path d="M{left} 212q{bend} -14 {span} 0" fill="none" stroke="{paper}" stroke-width="5" transform="rotate({turn} 200 212)"/>'
)
TIN = (
    '<rect x="118" y="110" width="164" height="210" rx="16" fill="{ink}"/>'
    '<rect x="110" y="92" width="180" height="34" rx="10" fill="{ink}"/>'
    '<rect x="110" y="112" width="180" height="14" fill="#000" opacity=".22"/>'
    '<circle cx="200" cy="222" r="56" fill="{paper}"/>'
    '<ellipse cx="200" cy="222" rx="{wide}" ry="30" fill="{ink}" transform="rotate({turn} 200 222)"/>'
)
TUBE = (
    '<path d="M146 84h108l-14 196h-80z" fill="{ink}"/><rect x="168" y="280" width="64" height="44" rx="8" fill="#000" opacity=".55"/>'
    '<rect x="164" y="130" width="72" height="92" rx="6" fill="{paper}"/><path d="M176 {line}h48" stroke="{ink}" stroke-width="6"/>'
)
JAR = (
    '<rect x="100" y="182" width="200" height="132" rx="24" fill="{ink}"/><rect x="94" y="132" width="212" height="56" rx="14" fill="#000" opacity=".55"/>'
    '<rect x="140" y="212" width="120" height="66" rx="8" fill="{paper}"/><path d="M158 {line2}h84" stroke="{ink}" stroke-width="6"/>'
)
DROPPER = (
    '<rect x="136" y="178" width="128" height="144" rx="20" fill="{ink}"/><rect x="168" y="142" width="64" height="40" rx="6" fill="#000" opacity=".55"/>'
    '<path d="M182 142V96a18 18 0 0 1 36 0v46z" fill="{ink}"/><rect x="154" y="212" width="92" height="74" rx="6" fill="{paper}"/>'
    '<path d="M200 226c14 20 18 26 18 34a18 18 0 0 1-36 0c0-8 4-14 18-34z" fill="{ink}"/>'
)
PUMP = (
    '<rect x="128" y="152" width="144" height="170" rx="18" fill="{ink}"/><path d="M186 152v-34h28v34z" fill="#000" opacity=".55"/>'
    '<path d="M150 100h92v20h-92a16 16 0 0 1-16 12v-8a24 24 0 0 1 16-24z" fill="{ink}"/>'
    '<rect x="150" y="196" width="100" height="84" rx="6" fill="{paper}"/><path d="M164 {line3}h72" stroke="{ink}" stroke-width="6"/>'
)
QUESTION = '<circle cx="200" cy="200" r="96" fill="{ink}"/><path d="M168 176a32 32 0 1 1 44 30c-10 4-12 10-12 22" fill="none" stroke="{paper}" stroke-width="16" stroke-linecap="round"/><circle cx="200" cy="256" r="10" fill="{paper}"/>'

SHAPES = {"Whole bean": BAG, "Ground": TIN, "Cleanser": PUMP, "Moisturiser": JAR, "Serum": DROPPER, "Mask": TUBE}


def draw(shape: str, name: str) -> str:
    """Return one picture; its colours and details follow from `name` alone."""
    draw_from = hashlib.sha256(name.encode()).digest()
    wide = 18 + draw_from[2] % 10
    inner = shape.format(
        ink=INK[draw_from[0] % len(INK)],
        paper="#fffdf9",
        wide=wide,
        turn=draw_from[3] % 90 - 45,
        left=200 - wide,
        bend=wide,
        span=2 * wide,
        line=150 + draw_from[4] % 50,
        line2=226 + draw_from[4] % 36,
        line3=214 + draw_from[4] % 44,
    )
    paper = PAPER[draw_from[1] % len(PAPER)]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><rect width="400" height="400" fill="{paper}"/>{inner}</svg>\n'


def main() -> None:
    """Draw every product of both catalogues and the choices with pictures."""
    for slug in ("coffee", "skin-care"):
        folder = ROOT / "static" / "img" / slug
        folder.mkdir(parents=True, exist_ok=True)
        with (ROOT / "quizzes" / "catalogs" / f"{slug}.csv").open(newline="") as file:
            for row in csv.DictReader(file):
                (folder / f"{row['id']}.svg").write_text(draw(SHAPES[row["type"]], row["id"]))
    choices = {"cleanser": PUMP, "moisturiser": JAR, "serum": DROPPER, "unsure": QUESTION}
    for name, shape in choices.items():
        (ROOT / "static" / "img" / "skin-care" / f"choice-{name}.svg").write_text(draw(shape, f"choice-{name}"))


if __name__ == "__main__":
    main()
