"""Addresses that a quiz had under earlier names: each leads to one quiz, and no other lies there."""

from collections.abc import Iterator
from pathlib import Path

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.language import language_of
from quizfunnel.quiz.file.load import LoadedQuiz, QuizFileError, load_quiz


def check(loaded: LoadedQuiz, path: Path) -> Iterator[Finding]:
    """Find earlier names that are this file's own, stand twice, are a quiz now, or that another quiz had too."""
    if not loaded.quiz.was:
        return
    claimed = _earlier_names(path)
    for number, name in enumerate(loaded.quiz.was):
        if name == path.stem:
            message = f"`{name}` is this file's own name; `was` names those that it had before"
        elif name in loaded.quiz.was[:number]:
            message = f"`{name}` stands twice; remove one"
        elif path.with_name(f"{name}.yaml").exists():
            message = f"{name}.yaml is a quiz of its own, whose address cannot lead here; delete it, or this line"
        elif name in claimed:
            message = f"{claimed[name]} names `{name}` under `was` too, and an address leads to one quiz; remove one"
        else:
            continue
        yield loaded.finding(("was", number), message)


def others(path: Path) -> list[Path]:
    """Return the quiz files beside this one: by them it is judged too, where it has had another name."""
    return sorted(each for each in path.parent.glob("*.yaml") if each != path and _is_quiz(each))


def _is_quiz(path: Path) -> bool:
    return not path.name.startswith(".") and not language_of(path)


def _earlier_names(path: Path) -> dict[str, str]:
    """Return the earlier names that other quizzes beside this one claim, with the file of each."""
    names: dict[str, str] = {}
    for other in others(path):
        try:
            quiz = load_quiz(other).quiz
        except (QuizFileError, OSError):  # its own check says so
            continue
        names |= dict.fromkeys(quiz.was, other.name)
    return names
