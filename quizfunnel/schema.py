"""Every table of the program, in one metadata."""

import quizfunnel.journey.tables
import quizfunnel.offer.tables
import quizfunnel.orders.tables
import quizfunnel.quiz.tables
import quizfunnel.visit.tables  # noqa: F401 - importing a table registers it
from sqlmodel import SQLModel

metadata = SQLModel.metadata
