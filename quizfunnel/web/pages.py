"""Page contexts of messages and of the front page, and the head that every staff page has; pure."""

from dataclasses import dataclass

from quizfunnel.web.framing.frame import ShopFrame


@dataclass(frozen=True, slots=True)
class MessagePage:
    """`shopper/message.html`: what happened, in plain words, and a way on.

    `again` is the address to try once more, empty where that would not help. `sent_to` is the address of a form that
    could not be taken, and `sent` what was in it, so that it can be sent again as it was.
    """

    lang: str
    title: str
    text: str
    link: str
    link_label: str
    again: str = ""
    sent_to: str = ""
    sent: tuple[tuple[str, str], ...] = ()
    frame: ShopFrame | None = None


@dataclass(frozen=True, slots=True)
class QuizLink:
    """One quiz on the front page."""

    url: str
    title: str
    promise: str


@dataclass(frozen=True, slots=True)
class FrontPage:
    """`web/front.html`: the quizzes that can be taken."""

    lang: str
    title: str
    quizzes: tuple[QuizLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffBar:
    """`staff` of every staff page: who is signed in, nobody while `name` is empty, and what their pages offer.

    `demo` where nobody signed in, since the demo lets its visitor in.
    """

    name: str = ""
    role: str = ""
    demo: bool = False
    may_take_figures: bool = False
    may_manage: bool = False
