"""Answers of one shopper to the coffee quiz."""

ANSWERS: dict[str, tuple[str, ...]] = {
    "brew": ("espresso",),
    "grinder": ("yes",),
    "moment": ("morning",),
    "avoid": (),
    "budget": ("30",),
    "strength": ("skip",),
}
