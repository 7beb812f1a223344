"""The kinds of questions, a file each. A new one is its file, its template, and its name in the union here.

`quizfunnel.quiz.kinds.question` is the interface that everything outside this folder asks.
"""

from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import Field

from quizfunnel.quiz.kinds.condition import Threshold, Unless
from quizfunnel.quiz.kinds.fields import AnyOf, PlainModel
from quizfunnel.quiz.kinds.many import ManyQuestion
from quizfunnel.quiz.kinds.one import OneQuestion
from quizfunnel.quiz.kinds.question import QuestionKind
from quizfunnel.quiz.kinds.scale import ScaleQuestion

Question = Annotated[OneQuestion | ManyQuestion | ScaleQuestion, Field(discriminator="pick")]

# of Annotated[A | B, ...] the first argument is the union, whose arguments are the kinds
KINDS: Mapping[str, type[QuestionKind]] = {kind.kind_name(): kind for kind in get_args(get_args(Question)[0])}
"""Every kind by the word that a file writes after `pick:`, in the union's order."""

PARTS: tuple[type[PlainModel], ...] = (
    *(Threshold, Unless, AnyOf),
    *dict.fromkeys(part for kind in KINDS.values() for part in kind.PARTS.values()),
)
"""Every model that stands below a question."""
