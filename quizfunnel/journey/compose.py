"""Composition of the shopper's pages from an attempt and its answers; pure."""

from typing import NamedTuple

from quizfunnel.i18n.languages import PARAMETER, own_name
from quizfunnel.journey import progress
from quizfunnel.journey.attempt import AttemptRow, Entry
from quizfunnel.journey.keys import KeyKind
from quizfunnel.journey.pages import LanguageLink, PromisePage, QuestionPage, Refuser
from quizfunnel.quiz import paths
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import Answers, AnswerValue
from quizfunnel.quiz.store_site import StoreSite
from quizfunnel.quiz.texts import markup
from quizfunnel.quiz.texts.shown import Beholder, shown
from quizfunnel.web.framing.frame import ShopFrame


class OpenAttempt(NamedTuple):
    """An attempt that this browser may go on with, and the quiz version it began with."""

    row: AttemptRow
    live: LiveQuiz
    access: str  # the token that links must carry where there is no cookie
    measured: bool  # whether the shopper's time may be kept
    key: KeyKind
    frame: ShopFrame | None = None  # on the shop's page, which every link in it goes on to name

    @property
    def query(self) -> str:
        """Return what an address of this attempt needs behind it: the token without a cookie, and the frame."""
        return query_of(self.access, self.frame)

    @property
    def again(self) -> str:
        """Return the address at which the same quiz is begun again, in the same language."""
        return in_language(f"/q/{self.live.slug}/start{self.query}", self.live)


class ConsentState(NamedTuple):
    """Consent as the promise tells it: the mode, and what this visitor, or its browser, has said."""

    mode: str
    consented: bool
    refused: Refuser
    privacy_url: str
    lost: bool  # it chose, and keeps no cookies


class Entrance(NamedTuple):
    """Address of the page that a quiz is begun from, the entry that its attempts are marked with, and its frame."""

    address: str
    entry: Entry = "page"
    frame: ShopFrame | None = None


class WaysOut(NamedTuple):
    """Ways out of the questions: back to the page that the attempt was begun from, on to the shop, and the shop's site.

    Texts of a quiz link to that site alone.
    """

    start: str
    skip: str
    site: StoreSite = StoreSite()


class Resume(NamedTuple):
    """An attempt to go on with, and the version it began with."""

    id: str
    answers: dict[str, AnswerValue]
    live: LiveQuiz


def entrance(slug: str, frame: ShopFrame | None) -> Entrance:
    """Return the entrance that a quiz's own page is, in a frame or not."""
    return Entrance(f"/q/{slug}{query_of('', frame)}", frame.entry if frame else "page", frame)


def query_of(access: str, frame: ShopFrame | None) -> str:
    """Return the query of an address, with its question mark where there is any."""
    said = [f"t={access}"] if access else []
    said += [frame.query] if frame else []
    return f"?{'&'.join(said)}" if said else ""


def in_language(address: str, live: LiveQuiz, language: str = "") -> str:
    """Return an address that names the language of a quiz, or another one of its; unchanged where it has but one."""
    if len(live.languages) == 1:
        return address
    return f"{address}{'&' if '?' in address else '?'}{PARAMETER}={language or live.quiz.language}"


def _languages(live: LiveQuiz, address: str) -> tuple[LanguageLink, ...]:
    """Return the languages of a quiz, each with the address of the same page in it; none where there is but one."""
    if len(live.languages) == 1:
        return ()
    return tuple(
        LanguageLink(each, own_name(each), in_language(address, live, each), is_shown=each == live.quiz.language)
        for each in live.languages
    )


def url(opened: OpenAttempt, step: str) -> str:
    """Return the address of a step of an attempt."""
    return f"/a/{opened.row.id}/{step}{opened.query}"


def next_url(opened: OpenAttempt, answers: dict[str, AnswerValue]) -> str:
    """Return where the shopper goes on: the next unanswered question, or the offer."""
    return url(opened, progress.next_question(opened.live.quiz, answers) or "offer")


def promise_page(
    live: LiveQuiz, consent: ConsentState, resume: Resume | None, *, entrance: Entrance, ways: WaysOut
) -> PromisePage:
    """Return the page that tells length, products and what is kept before the first click."""
    quiz = live.quiz
    shortest, longest = paths.lengths(quiz, {})
    return PromisePage(
        lang=quiz.language,
        title=quiz.title,
        promise=markup.as_text(quiz.promise),
        lead=markup.as_html(quiz.promise, ways.site),
        minutes=quiz.minutes,
        shortest=shortest,
        longest=longest,
        action=in_language(f"/q/{live.slug}/start{query_of('', entrance.frame)}", live),
        skip_url=ways.skip,
        skip_label=quiz.offer.skip_label,
        here=in_language(entrance.address, live),
        languages=_languages(live, entrance.address),
        frame=entrance.frame,
        image=quiz.image,
        entry=entrance.entry if entrance.entry == "door" else "",
        consent_mode=consent.mode,
        consented=consent.consented,
        consent_action="/consent",
        refused=consent.refused,
        choice_lost=consent.lost,
        privacy_url=consent.privacy_url,
        experiment=quiz.experiment is not None,
        resume_url=in_language(f"/a/{resume.id}{query_of('', entrance.frame)}", live) if resume else "",
        resume_position=_position_of(resume) if resume else 0,
    )


def question_page(
    opened: OpenAttempt, answers: Answers, question: str, *, token: str, ways: WaysOut
) -> QuestionPage | None:
    """Return the page of a question, None where the shopper cannot stand at it."""
    quiz = opened.live.quiz
    place = progress.position(quiz, answers, question)
    if place is None:
        return None
    return QuestionPage(
        lang=quiz.language,
        title=quiz.title,
        question=shown(quiz, quiz.by_id[question], Beholder(opened.row.id, answers, ways.site)),
        position=place.number,
        shortest=place.shortest,
        longest=place.longest,
        action=url(opened, question),
        back=url(opened, place.before) if place.before else ways.start,
        skip_url=ways.skip,
        skip_label=quiz.offer.skip_label,
        token=token,
        access=opened.access,
        frame=opened.frame,
        beacon=f"/t/{opened.row.id}" if opened.measured else "",
        offer=_offer_url(opened, answers),
        auto_advance=quiz.auto_advance,
        captions_language=opened.live.languages[0],
        chosen=answers.get(question),
        answered=question in answers,
    )


def _offer_url(opened: OpenAttempt, answers: Answers) -> str:
    """Return the address of the products that the answers have led to; empty where a question waits."""
    waiting = progress.next_question(opened.live.quiz, answers)
    return url(opened, "offer") if opened.row.finished and waiting is None else ""


def _position_of(resume: Resume) -> int:
    """Return the number of the question that waits, 0 where none does."""
    waiting = progress.next_question(resume.live.quiz, resume.answers)
    place = progress.position(resume.live.quiz, resume.answers, waiting) if waiting else None
    return place.number if place else 0
