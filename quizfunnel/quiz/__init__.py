"""The quiz: a merchandiser's file, read, checked, versioned."""

from typing import TYPE_CHECKING

from quizfunnel.kit.lazy import lazy

if TYPE_CHECKING:
    from quizfunnel.quiz.check.run import check_file
    from quizfunnel.quiz.rules import Products

__all__ = ["Products", "check_file"]

__getattr__ = lazy(
    __name__,
    {
        "Products": "quizfunnel.quiz.rules",
        "check_file": "quizfunnel.quiz.check.run",
    },
)
