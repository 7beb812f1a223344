"""Check of the answers that texts repeat: each is of an earlier question that is answered on every way to the text."""

from collections.abc import Iterator

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check.coverage import in_words
from quizfunnel.quiz.check.texts.places import TextPlace, text_places
from quizfunnel.quiz.check.texts.proof import END, Mention, unanswered
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.words import is_bare, near
from quizfunnel.quiz.spec import Answers, Question, Quiz
from quizfunnel.quiz.texts.mentions import Braces, braces, mentioned

_IN_A_QUESTION = ("ask", "help", "why", "because")
_NO_ANSWERS = {
    "label": "a label is the answer itself, in figures too",
    "none_label": "a label is the answer itself, in figures too",
    "promise": "the promise is read before anything is answered",
    "skip_label": "the way out stands on every page, the first too",
}


def check(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find braces that name no answer which can be repeated there; the first of each text."""
    places = [place for place in text_places(loaded.quiz) if "{" in place.text or "}" in place.text]
    for place in places:
        yield from _misnamed(loaded, place)


def prove(loaded: LoadedQuiz) -> Iterator[Finding]:
    """Find answers that a text names and that are not there on some way to it, with such a way, or say nothing there.

    What `check` finds must be mended first. Raises TooTangled where the ways cannot be walked.
    """
    quiz = loaded.quiz
    order = list(quiz.by_id)
    wanted = [
        (place, Mention(END if place.question is None else place.question, order.index(name)))
        for place in text_places(quiz)
        for name in mentioned(place.text)
    ]
    lost = unanswered(quiz, {each for _, each in wanted}) if wanted else {}
    for place, each in wanted:
        if each in lost:
            yield loaded.finding(place.path, _unsaid(place, quiz.questions[each.name], lost[each]))
        elif mute := next(filter(is_bare, quiz.questions[each.name].labels()), ""):
            message = (
                f"`{{{order[each.name]}}}` can read “{mute}” here, which says nothing without its question; read the "
                "sentence with every label of it, or say it without"
            )
            yield loaded.finding(place.path, message, error=False)


def _misnamed(loaded: LoadedQuiz, place: TextPlace) -> Iterator[Finding]:
    said = (_wrong(loaded.quiz, place, each) for each in braces(place.text))
    if message := next(filter(None, said), ""):
        yield loaded.finding(place.path, message)


def _wrong(quiz: Quiz, place: TextPlace, found: Braces) -> str:
    """Return what is wrong with braces in a text, nothing where they may stand there."""
    if place.key not in _IN_A_QUESTION and place.path != ("offer", "headline"):
        why = _NO_ANSWERS.get(place.key, "it is the same for everybody")
        return f"`{found.written}` in `{place.key}` can repeat no answer: {why}; write it without braces"
    order = list(quiz.by_id)
    if not found.name:
        return f"`{found.written}` is no answer: in braces stands an earlier question's id alone, {_like(quiz, place)}"
    if found.name not in quiz.by_id:
        return f"`{found.written}` names no question{_meant(quiz, place, found.name)}"
    if place.question is not None and order.index(found.name) >= place.question:
        return f"`{found.written}` is not asked before this text is read; name an earlier question, or say it without"
    if quiz.by_id[found.name].sensitive:
        return f"`{found.name}` is sensitive, and its answer is repeated nowhere; say it without `{found.written}`"
    return ""


def _like(quiz: Quiz, place: TextPlace) -> str:
    earlier = _earlier(quiz, place)
    return f"like {{{earlier[-1].id}}}" if earlier else "and none is asked before this one; say it without braces"


def _meant(quiz: Quiz, place: TextPlace, name: str) -> str:
    """Return the question that was meant: the one whose choice is named, else the nearest."""
    earlier = _earlier(quiz, place)
    of = next((question.id for question in earlier if (("choices", name) in _choices(question))), "")
    if of:
        return f", but a choice of `{of}`; write {{{of}}}, which says whatever was chosen"
    return near(name, [question.id for question in earlier]) or "; say it without braces"


def _choices(question: Question) -> set[tuple[str, str]]:
    return {("choices", str(value[0] if isinstance(value, tuple) else value)) for _, value in question.single_answers()}


def _earlier(quiz: Quiz, place: TextPlace) -> tuple[Question, ...]:
    known = quiz.questions if place.question is None else quiz.questions[: place.question]
    return tuple(question for question in known if not question.sensitive)


def _unsaid(place: TextPlace, named: Question, way: Answers) -> str:
    """Return why an answer is not there to be repeated, by a way to the text on which it is not."""
    written = f"`{{{named.id}}}`"
    ask = "say it without" if place.question is None else f"ask this only after an answer ({_when(named)})"
    if named.id not in way:
        after = f" (after {in_words(way)})" if way else ""
        return f"{written} is not asked on every way to this text{after}; {ask}, or name another question"
    if way[named.id] is None:
        return f"{written} can be skipped, and then there is nothing to say here; take `optional` from it, or {ask}"
    return f"{written} can be answered with none of its choices, and then there is nothing to say here; {ask}"


def _when(named: Question) -> str:
    """Return a `when` that only answers which can be repeated meet."""
    if numbers := named.numbers():
        return f"`when: {{{named.id}: {{at_least: {numbers[0]:g}}}}}`"
    ids = [value[0] if isinstance(value, tuple) else value for _, value in named.single_answers()]
    return f"`when: {{{named.id}: [{', '.join(map(str, ids))}]}}`"
