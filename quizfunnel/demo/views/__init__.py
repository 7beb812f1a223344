"""Demo store over HTTP, by noun: the shop, its basket, its pretend checkout, and the switch to see it as either arm."""

from flask import Blueprint

from quizfunnel.demo.views import basket, checkout, see_as, shop
from quizfunnel.demo.views.stock import Parts

__all__ = ["Parts", "blueprint"]

blueprint = Blueprint("demo", __name__)
for noun in (shop, basket, checkout, see_as):
    blueprint.register_blueprint(noun.blueprint)
