"""What the templates of no room know: one frozen value a page, nothing else; pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MessagePage:
    """`shopper/message.html`: what happened, in plain words, and a way on.

    `again` is the address to try once more, empty where that would not help.
    """

    lang: str
    title: str
    text: str
    link: str
    link_label: str
    again: str = ""
