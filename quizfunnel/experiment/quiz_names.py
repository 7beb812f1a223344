"""Names of quizzes in settings: of one that is not there, which is perhaps meant, as after another name; pure."""

import difflib
from collections.abc import Mapping

from quizfunnel.quiz.spec import Quiz

MOST_NAMED = 5


def meant(name: str, quizzes: Mapping[str, Quiz]) -> str:
    """Return what to write for a name that no quiz has: the renamed quiz's, one spelt alike, or those there are."""
    if now := renamed(quizzes).get(name):
        return f'it is called `{now}` now: write "{now}"'
    if near := difflib.get_close_matches(name, quizzes, n=1):
        return f"perhaps `{near[0]}` is meant"
    listed = ", ".join(f"`{slug}`" for slug in sorted(quizzes)[:MOST_NAMED])
    return f"there is: {listed}" if listed else f"put quizzes/{name}.yaml there"


def page_without(name: str, quizzes: Mapping[str, Quiz]) -> str:
    """Return what becomes of a page that invites by a name which no quiz has, and what to write in its place."""
    if now := renamed(quizzes).get(name):
        return f'`{name}` is called `{now}` now, and the page invites to that: write "{now}"'
    return f"there is no quiz `{name}`, so that this page invites to nothing; {meant(name, quizzes)}"


def renamed(quizzes: Mapping[str, Quiz]) -> dict[str, str]:
    """Return the name that a quiz has now, by each that it had before and that no other has taken."""
    return {old: slug for slug, quiz in sorted(quizzes.items()) for old in quiz.was if old not in quizzes}
