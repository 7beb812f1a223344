"""docs/worlds.md, whose every figure is of the benchmark or of the pictured stores."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.worlds.drawing import describe
from benchmarks.worlds.told import SAYS, VERDICTS
from quizfunnel.demo import simulate, world
from quizfunnel.insight import planner
from quizfunnel.insight.definitions import ALPHA, POWER
from quizfunnel.insight.wording import about, number

_INTRO = """# Three worlds in which the truth is known

Everything on this page is of **simulated visitors**; nothing here is a result of a real shop.

"People who invest 3+ minutes in a quiz buy at 2 to 5 times the rate of cold visitors": figures like that appear where a
quiz does nothing at all, and even where it turns buyers away. Whoever means to buy takes a quiz more often, and
whoever leaves at once never does. To see whether the page of results is fooled, the demo has three worlds
(`quizfunnel demo --world {names}`). The same people come in each of them. Their wish to buy is hidden,
some leave at once, and a fair draw keeps {holdout:.0%} of them from being invited. Only what finishing the quiz does to
them differs."""

_TARGETS = """Whoever may look on any day may stop on any day, so what counts is whether the page said something wrong
on any of the {days} days, not only on the last one:"""

_POWER = """## What it cannot do

An effect has to be large, or the shop busy, to be seen. At a purchase rate of {rate:.1%} a true ratio of {ratio:.2f}
takes about {needed} counted visitors to be seen {power:.0%} of the time with {holdout:.0%} held out, or about
{half} with half held out. These histories have about {mature} each: in {seen} of {seeds} the page saw in the end that
the quiz helps, and in {less} of {seeds} that the one that hurts sells less. In the others it said that it can't tell
yet, and how many more visitors are needed. A smaller shop waits longer. The naive ratio has an answer at once, and on
average it is well above 1 in every world."""

_MADE = """## How this page is made

`python tools/draw_worlds.py` simulates the {seeds} histories (seeds 1 to {seeds}, {visitors} visitors each over {days}
days), fills three demo stores, takes the pictures in Chromium and writes this page; `python -m benchmarks worlds`
prints the figures alone. The histories are simulated without a database, and a test holds that what is counted equals
the report of a store that the demo filled with the same seed. The pictures were taken on {taken}."""


def as_markdown(kept: Mapping[str, Any], holdout: float) -> str:
    """Return the page; `kept` is what docs/worlds.json holds, `holdout` the share that the quiz holds out."""
    figures, pictures = kept["figures"], kept["pictures"]
    names = "|".join(world.EFFECTS)
    parts = [
        _INTRO.format(names=names, holdout=holdout),
        "",
        f"{figures['seeds']} histories of {number(figures['visitors'])} visitors, the page of `{figures['quiz']}`:",
        "",
        *_side_by_side(figures),
        "",
        f"![{describe(figures)}](pictures/worlds.svg)",
        "",
        "## How often the page is wrong",
        "",
        _TARGETS.format(days=simulate.DAYS),
        "",
        *_targets(figures),
        "",
        _power(figures, holdout),
        "",
        *_pictures(pictures),
        _MADE.format(
            seeds=figures["seeds"], visitors=number(figures["visitors"]), taken=pictures["taken"], days=simulate.DAYS
        ),
    ]
    return "\n".join(parts) + "\n"


def _side_by_side(figures: Mapping[str, Any]) -> Iterator[str]:
    worlds = [figures["worlds"][name] for name in SAYS]
    yield "| simulated | " + " | ".join(SAYS.values()) + " |"
    yield "| --- |" + " --- |" * len(worlds)
    yield _line("true ratio, invited to holdout", [f"**{each['true_ratio']:.2f}**" for each in worlds])
    yield _line("the page's ratio, mean (range)", [_around(each["itt"]) for each in worlds])
    for kind, said in VERDICTS.items():
        counts = [each["at_the_end"][kind] for each in worlds]
        if any(each["count"] for each in counts):
            yield _line(f"the page says in the end: {said}", [_counted(each) for each in counts])
    yield _line("naive: finished to cold, mean (range)", [_around(each["finished"]) for each in worlds])
    yield _line("naive: 3+ minutes to cold, mean (range)", [_around(each["long"]) for each in worlds])
    fooled = [f"{each['fooled']['count']} of {figures['seeds']}" for each in worlds]
    yield _line(f"histories whose 3+ minute ratio is surely above 1, at {1 - ALPHA:.0%}", fooled)


def _targets(figures: Mapping[str, Any]) -> Iterator[str]:
    yield "| simulated, on any day | histories | allowed |  |"
    yield "| --- | --- | --- | --- |"
    for row in figures["targets"]:
        if row["target"] != "(no target)":
            met = "met" if row["met"] else "**missed**"
            yield _line(row["what"], [f"{row['measured']:.1%}", row["target"], met])


def _power(figures: Mapping[str, Any], holdout: float) -> str:
    helps, hurts = figures["worlds"]["helps"], figures["worlds"]["hurts"]
    rate, ratio = helps["holdout_rate"], helps["true_ratio"]
    return _POWER.format(
        rate=rate,
        ratio=ratio,
        power=POWER,
        holdout=holdout,
        needed=about(planner.visitors(rate, holdout, ratio - 1)),
        half=about(planner.visitors(rate, 0.5, ratio - 1)),
        mature=about(helps["mature"]),
        seen=helps["at_the_end"]["yes"]["count"],
        less=hurts["at_the_end"]["less"]["count"],
        seeds=figures["seeds"],
    )


def _pictures(pictures: Mapping[str, Any]) -> Iterator[str]:
    yield "## What an analyst sees"
    yield ""
    yield (
        f"The page of one demo store a world, with {number(pictures['visitors'])} simulated visitors of seed "
        f"{pictures['seed']}, which was not chosen for its looks. What stands between the verdict's range and the "
        "second question is left out of the pictures."
    )
    yield ""
    for name, says in SAYS.items():
        seen = pictures["worlds"][name]
        yield f"### {says.capitalize()}"
        yield ""
        yield (
            f'The page says: "{seen["sentence"]}". Those who invested 3+ minutes bought {seen["long"]} as often as '
            f"cold visitors ({seen['limits']})."
        )
        yield ""
        yield f"![{_alt(says, seen)}](pictures/world-{name}.png)"
        yield ""


def _alt(says: str, seen: Mapping[str, str]) -> str:
    arms = f"Invited: {seen['invited']}; holdout: {seen['holdout']}"
    long = f"3+ minutes against cold visitors: {seen['long']} ({seen['limits']})"
    return (
        f"Page of results over simulated visitors where {says}. {seen['sentence']}. {arms}. Who takes the quiz? {long}."
    )


def _line(what: str, values: list[str]) -> str:
    return f"| {what} | " + " | ".join(values) + " |"


def _around(each: Mapping[str, float]) -> str:
    return f"{each['mean']:.2f} ({each['low']:.2f} to {each['high']:.2f})"


def _counted(each: Mapping[str, float]) -> str:
    return f"{each['count']} ({each['low']:.1%} to {each['high']:.1%})"
