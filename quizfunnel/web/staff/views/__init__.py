"""Staff over HTTP, by noun: signing in, one-time links, one's own account, the people, the record of what was done."""

from flask import Blueprint

from quizfunnel.web.staff.views import account, audit, link, people, sign_in
from quizfunnel.web.staff.views.parts import Parts

__all__ = ["Parts", "blueprint"]

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
for noun in (sign_in, link, account, people, audit):
    blueprint.register_blueprint(noun.blueprint)
