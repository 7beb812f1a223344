"""A small shop and its simulated shoppers, for trying the program out."""

INVITATIONS = {"/shop/skin-care*": "skin-care", "/shop/coffee*": "coffee"}
"""Invitations of the demo store: a page's pattern and the quiz that it invites to."""
