"""A small shop and its simulated shoppers, for trying the program out."""

INVITATIONS = {"/shop/skin-care*": "skin-care", "/shop/coffee*": "coffee"}
"""Which of the demo store's pages invite to which quiz."""
