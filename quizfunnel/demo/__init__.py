"""A small shop and its simulated shoppers, for trying the program out."""

from quizfunnel.settings import InvitationSettings

INVITATIONS = {
    "/shop/skin-care*": InvitationSettings(quiz="skin-care"),
    "/shop/coffee*": InvitationSettings(quiz="coffee"),
}
"""Invitations of the demo store: a page's pattern and the quiz that it invites to."""
