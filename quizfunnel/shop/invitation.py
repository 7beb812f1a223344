"""Invitation in words: title, length, button and address of what the snippet draws."""

from dataclasses import dataclass

from quizfunnel.journey.compose import in_language
from quizfunnel.quiz import paths
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.settings import InvitationSettings
from quizfunnel.web.render import render_text


@dataclass(frozen=True, slots=True)
class LengthPage:
    """`snippet/length.txt`: how long a quiz is, in one line."""

    lang: str
    shortest: int
    longest: int
    minutes: float


def words(
    live: LiveQuiz, setting: InvitationSettings | None, *, base: str, finished: str, proven: bool
) -> dict[str, object]:
    """Return an invitation as the snippet draws it, or where one has `finished`, the way back to the products.

    That leads to the attempt where the browser is `proven` to have begun it; else to the quiz's first page, which
    knows its own browser.
    """
    place, say = setting.place if setting else "", live.quiz.say
    if finished:
        url = f"{base}/a/{finished}" if proven else in_language(f"{base}/q/{live.slug}", live)
        return {
            "url": url,
            "title": say("You have answered the quiz."),
            "text": say("The products that fit are still there."),
            "button": say("See your products"),
            "place": place,
            "lang": say.language,
            "finished": True,
        }
    shortest, longest = paths.lengths(live.quiz, {})
    return {
        "url": in_language(f"{base}/q/{live.slug}", live),
        "title": (setting and setting.title) or live.quiz.title,
        "text": render_text(
            "snippet/length.txt", LengthPage(say.language, shortest, longest, live.quiz.minutes)
        ).strip(),
        "button": (setting and setting.button) or say("Help me choose"),
        "place": place,
        "lang": say.language,
        "finished": False,
    }
