"""Demo shop over HTTP, by noun: its shelves, the basket, and the pretend checkout."""

from flask import Blueprint

from quizfunnel.demo.shop.views import basket, checkout, frame, shelves

__all__ = ["blueprint"]

blueprint = Blueprint("shop", __name__)
for noun in (shelves, basket, checkout):
    blueprint.register_blueprint(noun.blueprint)
frame.install(blueprint)
