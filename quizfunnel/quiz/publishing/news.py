"""News of publishing in words: what was published, withdrawn or renamed, and what waits for somebody; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from quizfunnel.catalog.product import Catalog
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check.judgement import Judgement
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing.pairs import ENDED, LIVE, SCHEDULED, WITHDRAWN, PublishedPair

SHORT = 12  # digits of a version that people are shown

Outcome = Literal["published", "withdrawn", "known", "noted", ""]
"""The fate of what a disk showed: `known` was published before, `noted` changed nothing, "" was another process's."""


def published(now: LiveQuiz, before: LiveQuiz | None) -> str:
    """Return a line on a pair that is served from now, and how it differs from the one before."""
    return f"`{now.slug}` is published: {differences(now, before)}"


def differences(now: LiveQuiz, before: LiveQuiz | None) -> str:
    """Return a pair in words, by how it differs from the one before."""
    quiz = f"version {now.version[:SHORT]}"
    if before is None:
        return f"{quiz} with {_products(now.catalog)}"
    changed = "the quiz as it was" if before.version == now.version else f"{quiz} of the quiz"
    return f"{changed}, {_catalog_differences(now.catalog, before.catalog)}"


def _catalog_differences(now: Catalog, before: Catalog) -> str:
    added = sum(id not in before.by_id for id in now.by_id)
    removed = sum(id not in now.by_id for id in before.by_id)
    kept = [(before.by_id[id], product) for id, product in now.by_id.items() if id in before.by_id]
    changed = sum(replace(was, line=product.line) != product for was, product in kept)  # and not where rows moved
    counts = [
        f"{count} {word}" for count, word in ((added, "new"), (removed, "removed"), (changed, "changed")) if count
    ]
    return f"{_products(now)} ({', '.join(counts)})" if counts else f"{_products(now)} as they were"


def _products(catalog: Catalog) -> str:
    return f"{len(catalog.products)} product{'' if len(catalog.products) == 1 else 's'}"


def withdrawn(quiz: str, *, renamed: str = "", copy: str = "") -> str:
    """Return a line on a quiz whose file is gone: renamed with its address, or to a `copy` without it, or deleted."""
    if renamed:
        return f"`{quiz}` is now `{renamed}`: its old address leads there, and who began can go on"
    if copy:
        hint = f"`was: [{quiz}]` in quizzes/{copy}.yaml makes its old address lead there"
        return f"`{quiz}` is withdrawn: its file is now {copy}.yaml, and its address is 410; {hint}"
    back = f"Put the file back, or run quizfunnel restore-quiz {quiz}"
    return f"`{quiz}` is withdrawn: its file is gone. Who began can finish for 24 hours, new starts are 410. {back}"


def begun(quiz: str) -> str:
    """Return a line on a scheduled pair whose moment has come."""
    return f"`{quiz}`: the version that was scheduled for now is live"


def fact(pair: PublishedPair) -> str:
    """Return a line on a publication as the database has it."""
    began = f"{pair.starts_at:%Y-%m-%d %H:%M}"
    until = f"{pair.ends_at:%Y-%m-%d %H:%M}" if pair.ends_at else ""
    words = {
        LIVE: f"live since {began} UTC",
        SCHEDULED: f"scheduled for {began} UTC",
        ENDED: f"live from {began} to {until} UTC",
        WITHDRAWN: f"live from {began}, withdrawn {until} UTC",
    }
    state = f"scheduled for {began} UTC, cancelled before then" if pair.was_cancelled else words[pair.state]
    return f"`{pair.quiz}` version {pair.quiz_version[:SHORT]}, {state}"


def known(quiz: str) -> str:
    """Return a line on a disk that is new here and shows what was published before."""
    return (
        f"`{quiz}` on this disk is a pair that was published before, and what is published serves on; "
        f"quizfunnel publish {quiz} publishes it again"
    )


def loses(file: str, quiz: str, loss: Judgement) -> Finding:
    """Find a catalogue that lacks so much that somebody has to say that it is meant."""
    message = (
        f"{loss.loss}; what is published serves on, without what is sold out by now. If they are really gone: "
        f"quizfunnel publish {quiz} --accept"
    )
    return Finding(file, 1, 1, "error", message)


def lacks(file: str, loss: Judgement) -> Finding:
    """Find a refused catalogue that lacks so much that the other findings may come of it."""
    return Finding(
        file, 1, 1, "error", f"{loss.loss}; if that is not meant, put them back first: the rest may come of it"
    )


def unfit(file: str, quiz: str, why: Finding | None) -> Finding:
    """Find a catalogue that does not go with the restored version that serves."""
    because = f" ({why.file}:{why.line}: {why.message})" if why else ""
    message = (
        f"the new catalogue does not go with the version that serves, which is not this file's{because}; "
        f"quizfunnel publish {quiz} publishes both as they are here"
    )
    return Finding(file, 1, 1, "error", message)


def waiting(folder: str, shown: Mapping[str, LiveQuiz | None], live: Mapping[str, LiveQuiz]) -> Iterator[Finding]:
    """Find the good pairs that wait until somebody publishes them."""
    for quiz, pair in shown.items():
        serves = live.get(quiz)
        if pair and (serves is None or serves.pair != pair.pair):
            yield _waits(f"{folder}/{quiz}.yaml", quiz, served=serves is not None)


def _waits(file: str, quiz: str, *, served: bool) -> Finding:
    until = "what is published serves on" if served else "until then it cannot be taken"
    message = f"is good and not published, since auto_publish is off; {until}: quizfunnel publish {quiz}"
    return Finding(file, 1, 1, "warning" if served else "error", message)


def away(folder: str, quizzes: list[str]) -> Finding:
    """Find a folder in which nothing lies, though quizzes are published."""
    message = (
        f"the folder of the quizzes is empty, and {', '.join(f'`{quiz}`' for quiz in quizzes)} serve on as published; "
        "put the files back, or withdraw a quiz with quizfunnel publish QUIZ --withdraw"
    )
    return Finding(folder, 1, 1, "error", message)
