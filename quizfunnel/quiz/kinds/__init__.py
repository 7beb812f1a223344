"""The kinds of questions, a file each. A new one is its file, its template, and its name in the union here.

`quizfunnel.quiz.kinds.question` is the interface that everything outside this folder asks.
"""

from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import Field

from quizfunnel.quiz.kinds.many import ManyQuestion
from quizfunnel.quiz.kinds.one import OneQuestion
from quizfunnel.quiz.kinds.question import QuestionKind
from quizfunnel.quiz.kinds.scale import ScaleQuestion

Question = Annotated[OneQuestion | ManyQuestion | ScaleQuestion, Field(discriminator="pick")]

# of Annotated[A | B, ...] the first argument is the union, whose arguments are the kinds
KINDS: Mapping[str, type[QuestionKind]] = {kind.kind_name(): kind for kind in get_args(get_args(Question)[0])}
"""Every kind by the word that a file writes after `pick:`, in the union's order."""
