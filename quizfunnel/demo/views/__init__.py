"""Demo over HTTP: its landing page, and the switch that shows its shop as either arm sees it."""

from flask import Blueprint

from quizfunnel.demo.views import landing, see_as
from quizfunnel.demo.views.parts import Parts

__all__ = ["Parts", "blueprint"]

blueprint = Blueprint("demo", __name__)
for noun in (landing, see_as):
    blueprint.register_blueprint(noun.blueprint)
