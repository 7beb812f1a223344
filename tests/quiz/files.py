"""A quiz file that has nothing wrong with it, and changes to it."""

from pathlib import Path

CATALOG = """\
id,title,price,currency,url,tags,stock,strength
dark-bean,Dark beans,9.00,GBP,/p/dark-bean,"dark-roast,whole-bean",,5
dark-ground,Dark ground,9.50,GBP,/p/dark-ground,"dark-roast,ground",,4
light-bean,Light beans,14.00,GBP,/p/light-bean,"light-roast,whole-bean",,2
light-ground,Light ground,14.50,GBP,/p/light-ground,"light-roast,ground",,1
decaf-bean,Decaf beans,11.00,GBP,/p/decaf-bean,"decaf,whole-bean",,3
decaf-ground,Decaf ground,11.50,GBP,/p/decaf-ground,"decaf,ground",,3
"""

QUIZ = """\
title: Find your coffee
promise: Three coffees that suit how you drink it.
minutes: 1
catalog: catalogs/coffee.csv
questions:
  - id: brew
    ask: How do you make coffee?
    pick: one
    choices:
      - {id: espresso, label: Espresso, favours: {tag:dark-roast: 2}}
      - {id: filter, label: Filter, favours: {tag:light-roast: 2}}
      - {id: moka, label: Moka pot}
  - id: grinder
    ask: Do you own a grinder?
    when: {brew: [espresso, filter]}
    pick: one
    choices:
      - {id: "yes", label: "Yes", favours: {tag:whole-bean: 2}}
      - {id: "no", label: "No", favours: {tag:ground: 2}}
  - id: moment
    ask: When do you enjoy it most?
    pick: one
    choices:
      - {id: morning, label: First thing}
      - {id: evening, label: After dinner, favours: {tag:decaf: 2}}
  - id: avoid
    ask: Anything you avoid?
    pick: many
    none_label: Nothing
    choices:
      - {id: caffeine, label: Caffeine, favours: {tag:decaf: 3}}
      - {id: acid, label: Acidity, against: {tag:light-roast: 2}}
  - id: budget
    ask: What would you like to spend at most?
    pick: scale
    scale: {from: 12, to: 30, step: 2, unit: GBP}
    limits: price
  - id: strength
    ask: How strong do you like it?
    pick: scale
    scale: {from: 1, to: 5, step: 1}
    near: {strength: 1}
    optional: true
offer:
  show: 3
  headline: Your coffees
  skip_label: See all coffees without the quiz
"""


def changed(*changes: tuple[str, str], text: str = QUIZ) -> str:
    """Return a quiz file with pieces of its text exchanged, each of which stands in it once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def lay(folder: Path, text: str = QUIZ, *, catalog: str = CATALOG, slug: str = "coffee") -> Path:
    """Write a quiz file and its catalogue into a folder; return the quiz file's path."""
    (folder / "catalogs").mkdir(parents=True, exist_ok=True)
    (folder / "catalogs" / "coffee.csv").write_text(catalog, encoding="utf-8")
    path = folder / f"{slug}.yaml"
    path.write_text(text, encoding="utf-8")
    return path
