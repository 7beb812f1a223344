"""The shop's pages over HTTP, by noun: the snippet, what it tells, and the handover to the quiz on another site."""

from flask import Blueprint

from quizfunnel.shop.views import handover, messages, snippet
from quizfunnel.shop.views.parts import PATHS, Parts

__all__ = ["PATHS", "Parts", "blueprint"]

blueprint = Blueprint("shop", __name__)
for noun in (snippet, messages, handover):
    blueprint.register_blueprint(noun.blueprint)
