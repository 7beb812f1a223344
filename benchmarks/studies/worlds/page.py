"""docs/worlds.md, whose every figure is of the benchmark or of the pictured stores."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.studies.worlds import play
from benchmarks.studies.worlds.drawing import describe
from benchmarks.studies.worlds.play import Setup
from benchmarks.studies.worlds.quizzes import SHIPPED
from benchmarks.studies.worlds.summary import RIGHT, SAYS, VERDICTS
from quizfunnel.demo import simulate, world
from quizfunnel.insight.words.numbers import about, number
from quizfunnel.stats import sample_size
from quizfunnel.stats.defaults import ALPHA, POWER

_INTRO = """# Three worlds in which the truth is known

Everything on this page is of **simulated visitors**; nothing here is a result of a real shop.

"People who invest 3+ minutes in a quiz buy at 2 to 5 times the rate of cold visitors": figures like that appear where
a quiz does nothing at all, and even where it turns buyers away. Whoever means to buy takes a quiz more often, and
whoever leaves at once never does. To see whether the page of results is fooled, the demo has three worlds
(`quizfunnel demo --world {names}`). The same people come in each of them. Their wish to buy is hidden, some leave at
once, and a fair draw keeps every second one from being invited. Only what finishing the quiz does to them differs.

The shop is one that holds every second visitor out, to know soon: its only quiz is a copy of the shipped `{quiz}`
with `holdout_share: {share:g}`. The shipped one holds out {shipped:.0%}, which takes longer (`python -m benchmarks
worlds --shop shipped`)."""

_TARGETS = """Whoever may look on any day may stop on any day, so what counts is whether the page said something wrong
on any of the {days} days, not only on the last one:"""

_POWER = """## What it cannot do

An effect has to be large, or the shop busy, to be seen. Of the holdout {rate:.1%} buy. With half held out, a true
ratio of {helps:.2f} then takes about {helps_half} counted visitors to be seen {power:.0%} of the time, and one of
{hurts:.2f} about {hurts_half}; with the shipped {shipped:.0%} held out they take about {helps_shipped} and
{hurts_shipped}. These histories have about {mature} each. In {seen} of {seeds} the page saw in the end that the quiz
helps, and in {less} of {seeds} that the one that hurts sells less. In the others it said that it can't tell yet, and
how many more visitors are needed; of a quiz that does nothing it can say no more. A smaller shop waits
longer. The naive ratios have an answer at once, and on average it is at least {least:.2f} in every world."""

_MADE = """## How this page is made

`python tools/draw_worlds.py` simulates the {seeds} histories (seeds 1 to {seeds}, {visitors} visitors each over
{days} days), fills three demo stores, takes the pictures in Chromium and writes this page; `python -m benchmarks
worlds` prints the figures alone. The histories are simulated without a
database, and a test holds that what is counted equals the report of a store that the demo filled with the same seed.
The pictures were taken on {taken}."""

_BEFOREHAND = """The page of one demo store a world, with {visitors} simulated visitors of seed {seed}. Neither was
chosen for its looks: the seed is the first one, and the number was fixed before a store was filled. The planner asks
about {needed} counted visitors to see the quiz that hurts {power:.0%} of the time. Of all visitors {counted:.0%}
count, which makes {given} (others are bots, come to the quiz from outside, or came in the last days). The pictures
show the verdict with its range, and the first table of the second question; what else the page says is left out."""

_TOLD = {
    "nothing": "That is right: where there is no effect, none can be seen.",
    "helps": "That is the truth.",
    "hurts": "That is the truth.",
}
_NOT_TOLD = "**That is not what is true here**: this history is one of those in which the page does not tell it."


def as_markdown(kept: Mapping[str, Any]) -> str:
    """Return the page; `kept` is what docs/worlds.json holds."""
    figures, pictures = kept["figures"], kept["pictures"]
    parts = [
        _intro(figures),
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
        _power(figures),
        "",
        *_pictures(pictures, figures),
        _made(figures, pictures["taken"]),
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


def _intro(figures: Mapping[str, Any]) -> str:
    return _INTRO.format(
        names="|".join(world.EFFECTS), quiz=figures["quiz"], share=figures["holdout_share"], shipped=_shipped(figures)
    )


def _power(figures: Mapping[str, Any]) -> str:
    helps, hurts = figures["worlds"]["helps"], figures["worlds"]["hurts"]
    half, shipped = (
        {name: about(_needed(figures, name, share)) for name in ("helps", "hurts")}
        for share in (figures["holdout_share"], _shipped(figures))
    )
    return _POWER.format(
        rate=helps["holdout_rate"],
        helps=helps["true_ratio"],
        hurts=hurts["true_ratio"],
        power=POWER,
        shipped=_shipped(figures),
        helps_half=half["helps"],
        hurts_half=half["hurts"],
        helps_shipped=shipped["helps"],
        hurts_shipped=shipped["hurts"],
        mature=about(helps["mature"]),
        seen=helps["at_the_end"]["yes"]["count"],
        less=hurts["at_the_end"]["less"]["count"],
        seeds=figures["seeds"],
        least=min(each[kind]["mean"] for each in figures["worlds"].values() for kind in ("finished", "long")),
    )


def _made(figures: Mapping[str, Any], taken: str) -> str:
    return _MADE.format(
        seeds=figures["seeds"],
        visitors=number(figures["visitors"]),
        taken=taken,
        days=simulate.DAYS,
    )


def _shipped(figures: Mapping[str, Any]) -> float:
    """Return the share that the quiz holds out as it is shipped."""
    return play.held_out(Setup(SHIPPED, figures["quiz"], 0))


def _needed(figures: Mapping[str, Any], name: str, share: float) -> int:
    """Return the counted visitors of both arms with which the planner sees a world's true ratio."""
    each = figures["worlds"][name]
    return sample_size.visitors(each["holdout_rate"], share, abs(each["true_ratio"] - 1))


def _pictures(pictures: Mapping[str, Any], figures: Mapping[str, Any]) -> Iterator[str]:
    yield "## What an analyst sees"
    yield ""
    counted = figures["worlds"]["hurts"]["mature"] / figures["visitors"]
    yield _BEFOREHAND.format(
        visitors=number(pictures["visitors"]),
        seed=pictures["seed"],
        power=POWER,
        needed=about(_needed(figures, "hurts", figures["holdout_share"])),
        counted=counted,
        given=about(round(pictures["visitors"] * counted)),
    )
    yield ""
    for name, says in SAYS.items():
        seen = pictures["worlds"][name]
        yield f"### {says.capitalize()}"
        yield ""
        right = _TOLD[name] if seen["kind"] == RIGHT[name] else _NOT_TOLD
        yield (
            f'The page says: "{seen["sentence"]}". {right} Those who finished bought at '
            f"{seen['finished']} the rate of cold visitors, and those who invested 3+ minutes at {seen['long']}."
        )
        yield ""
        yield f"![{_alt(says, seen)}](pictures/world-{name}.png)"
        yield ""


def _alt(says: str, seen: Mapping[str, str]) -> str:
    return (
        f"Page of results over simulated visitors where {says}. {seen['sentence']}. {seen['arms']} Who takes the quiz? "
        f"Against cold visitors: finished {seen['finished']}, 3+ minutes {seen['long']}."
    )


def _line(what: str, values: list[str]) -> str:
    return f"| {what} | " + " | ".join(values) + " |"


def _around(each: Mapping[str, float]) -> str:
    return f"{each['mean']:.2f} ({each['low']:.2f} to {each['high']:.2f})"


def _counted(each: Mapping[str, float]) -> str:
    return f"{each['count']} ({each['low']:.1%} to {each['high']:.1%})"
