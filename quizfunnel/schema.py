"""Database schema: every table of the program, in one metadata."""

from sqlmodel import SQLModel

import quizfunnel.contact.tables
import quizfunnel.experiment.tables
import quizfunnel.insight.rollup.tables
import quizfunnel.journey.tables
import quizfunnel.offer.tables
import quizfunnel.orders.tables
import quizfunnel.outbox.tables
import quizfunnel.quiz.tables
import quizfunnel.visit.tables
import quizfunnel.web.tables  # noqa: F401 - importing a table registers it

metadata = SQLModel.metadata
