"""The shopper's templates know exactly what their pages declare, and say what they should."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from itertools import chain
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask
from jinja2 import meta
from markupsafe import Markup

from quizfunnel.i18n.words import bring
from quizfunnel.journey.pages import DoorPage, PromisePage, QuestionPage
from quizfunnel.offer.pages import Card, Chip, Near, OfferPage, ResultPage, SectionView
from quizfunnel.offer.preview import Preview
from quizfunnel.quiz.kinds import KINDS
from quizfunnel.quiz.kinds.video import Video
from quizfunnel.quiz.spec import Question, Quiz
from quizfunnel.web import environment
from quizfunnel.web.framing.frame import ShopFrame
from quizfunnel.web.pages import MessagePage
from quizfunnel.web.render import render_text
from tests.cast import coffee_quiz
from tests.i18n import pseudo

ROOT = Path(__file__).parents[2]
GLOBALS = {"asset", "money", "demo"}
HTML = "{http://www.w3.org/1999/xhtml}"
QUIZ: Quiz = coffee_quiz()

Draw = Callable[[str, Any], str]

PROMISE = PromisePage(
    lang="en",
    title="Find your coffee",
    promise="Three coffees.",
    lead=Markup("Three <em>coffees</em>."),
    minutes=2,
    shortest=6,
    longest=7,
    action="/q/coffee/start",
    skip_url="/shop",
    skip_label="See all coffees",
    here="/q/coffee",
    consent_mode="ask",
    consented=False,
    consent_action="/consent",
    privacy_url="/privacy",
    experiment=True,
)
FRAME = ShopFrame("popup", "https://shop.example")
DOOR = DoorPage("en", "Before the quiz", "/c/shorter", "/consent", "/shop", "/privacy")
CARD = Card("House blend", "/static/a.svg", 1250, "GBP", "/go/a/house", ("Because you pull espresso.",))
OFFER = OfferPage(
    lang="en",
    title="Find your coffee",
    headline="Your coffees",
    considered=34,
    products="coffees",
    promised=3,
    answers=(Chip("Espresso", "/a/x/brew"),),
    cards=(CARD, CARD, CARD),
    shared=("Whole beans, as you asked",),
    shared_misses=("A little milder than you asked",),
    near=(),
    relaxed="",
    varied=0.123,
    none_action="/a/x/offer/none",
    all_url="/shop",
    all_label="See all products",
    again_action="/q/coffee/start",
    copy_url="/r/token",
    mine_url="/mine/x",
    result_address="https://quiz.example/r/token",
    access="token",
)
RESULT = ResultPage(
    lang="en",
    title="Find your coffee",
    headline="Your coffees",
    promised=3,
    cards=(CARD,),
    varied=0.123,
    all_url="/shop",
    all_label="See all products",
    quiz_url="/q/coffee",
    copy_url="/r/token",
    result_address="https://quiz.example/r/token",
    preview=Preview("https://quiz.example/r/token", "https://quiz.example", "Dark Bean"),
)
FILM = Video(file="/static/a.mp4", captions="/static/a.vtt", poster="/static/a.svg", ratio="9:16")
BREW: Any = QUIZ.by_id["brew"]
HELPED = tuple(choice.model_copy(update={"help": Markup("An <em>old</em> one")}) for choice in BREW.choices)
DRESSED = BREW.model_copy(update={"help": Markup('<a href="/b">One</a>'), "video": FILM, "choices": HELPED})
ROUTINE = (
    SectionView("beans", "To grind yourself", 1, (CARD,), more=(CARD,)),
    SectionView("ground", "Ready to brew", 2, (CARD,)),
    SectionView("decaf", "Decaf", 1, (), near=(Near(CARD, ("Costs more.",)),), relaxed="Closest:"),
    SectionView("pods", "Pods", 1, ()),
)
MESSAGE = MessagePage("en", "Not found", "There is no page here.", "/shop", "Go to the shop", "/again")


def question(id: str, **changes: Any) -> QuestionPage:
    """Return the page of one of the coffee quiz's questions."""
    asked: Question = QUIZ.by_id[id]
    page = QuestionPage(
        lang="en",
        title=QUIZ.title,
        question=asked,
        position=3,
        shortest=5,
        longest=6,
        action=f"/a/x/{id}",
        back="/a/x/before",
        skip_url="/shop",
        skip_label="See all coffees",
        token="view.token",
        access="",
        beacon="/t/x",
    )
    return replace(page, **changes)


PAGES: dict[str, tuple[str, Any]] = {
    "promise": ("shopper/promise.html", PROMISE),
    "promise, begun": ("shopper/promise.html", replace(PROMISE, resume_url="/a/x", resume_position=3)),
    "promise, with a picture": ("shopper/promise.html", replace(PROMISE, image="/static/a.svg")),
    "promise, agreed": ("shopper/promise.html", replace(PROMISE, consented=True)),
    "promise, refused": ("shopper/promise.html", replace(PROMISE, refused="visitor")),
    "promise, not asked": ("shopper/promise.html", replace(PROMISE, consent_mode="off", consented=True)),
    "promise, signalled": ("shopper/promise.html", replace(PROMISE, consent_mode="off", refused="browser")),
    "promise, asked and signalled": ("shopper/promise.html", replace(PROMISE, refused="browser")),
    "promise, choice lost": ("shopper/promise.html", replace(PROMISE, choice_lost=True)),
    "promise, by the door": ("shopper/promise.html", replace(PROMISE, here="/c/shorter", entry="door")),
    "promise, framed": ("shopper/promise.html", replace(PROMISE, frame=FRAME)),
    "promise, framed, agreed": ("shopper/promise.html", replace(PROMISE, frame=FRAME, consented=True)),
    "question, framed": ("shopper/question.html", question("brew", access="t.o", frame=FRAME)),
    "offer, framed": ("shopper/offer.html", replace(OFFER, frame=FRAME)),
    "message, framed": ("shopper/message.html", replace(MESSAGE, frame=FRAME)),
    "door": ("shopper/door.html", DOOR),
    "promise, finished": ("shopper/promise.html", replace(PROMISE, resume_url="/a/x")),
    **{f"question {name}": ("shopper/question.html", question(name)) for name in QUIZ.by_id},
    **{f"question {name}, wrong": ("shopper/question.html", question(name, error="No.")) for name in QUIZ.by_id},
    "question, goes on by a tap": ("shopper/question.html", question("brew", auto_advance=True)),
    "question, dressed": ("shopper/question.html", question("brew", question=DRESSED, auto_advance=True)),
    "question, dressed and wrong": ("shopper/question.html", question("brew", question=DRESSED, error="No.")),
    "question, no cookie": ("shopper/question.html", question("brew", access="t.o", beacon="")),
    "question, finished": ("shopper/question.html", question("brew", offer="/a/x/offer")),
    "offer": ("shopper/offer.html", OFFER),
    "offer, widths": (
        "shopper/offer.html",
        replace(OFFER, cards=(CARD._replace(image="https://cdn.shopify.com/s/a.jpg"),)),
    ),
    "offer, two": ("shopper/offer.html", replace(OFFER, cards=(CARD, CARD))),
    "offer, facts": ("shopper/offer.html", replace(OFFER, cards=(CARD._replace(reasons=(), facts=("Floral",)), CARD))),
    "offer, near": ("shopper/offer.html", replace(OFFER, cards=(), near=(Near(CARD, ("Costs more.",)),), relaxed="it")),
    "offer, none": ("shopper/offer.html", replace(OFFER, cards=())),
    "offer, more": ("shopper/offer.html", replace(OFFER, more=(CARD,), none_said=True)),
    "offer, why": ("shopper/offer.html", replace(OFFER, none_said=True, why_said=True)),
    "offer, routine": ("shopper/offer.html", replace(OFFER, sections=ROUTINE)),
    "offer, routine, more": ("shopper/offer.html", replace(OFFER, sections=ROUTINE, none_said=True)),
    "result": ("shopper/result.html", RESULT),
    "result, routine": ("shopper/result.html", replace(RESULT, sections=ROUTINE)),
    "message": ("shopper/message.html", MESSAGE),
}


@pytest.fixture(scope="module")
def app() -> Flask:
    """Give an application that knows the shipped templates and nothing else."""
    app = Flask("pages", static_folder=None)
    environment.install(app, (ROOT,))
    return app


@pytest.fixture
def draw(app: Flask) -> Draw:
    """Give the function that renders a page's template."""

    def drawn(template: str, page: Any) -> str:
        with app.test_request_context():
            return render_text(template, page)

    return drawn


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let this process have a language whose messages are all marked."""
    folder = tmp_path_factory.mktemp("locale")
    pseudo.write_catalog(folder)
    bring(folder)
    yield
    bring()


def _names(app: Flask, template: str, seen: frozenset[str] = frozenset()) -> set[str]:
    loaded = app.extensions["templates"]
    tree = loaded.parse(loaded.loader.get_source(loaded, template)[0])
    found = set(meta.find_undeclared_variables(tree))
    kinds = [f"shopper/kind/_{name}.html" for name in KINDS]
    for other in chain.from_iterable([name] if name else kinds for name in meta.find_referenced_templates(tree)):
        if other not in seen:
            found |= _names(app, other, seen | {template})
    return found


@pytest.mark.parametrize(
    ("template", "declared"),
    [
        ("shopper/promise.html", PromisePage),
        ("shopper/door.html", DoorPage),
        ("shopper/question.html", QuestionPage),
        ("shopper/offer.html", OfferPage),
        ("shopper/result.html", ResultPage),
        ("shopper/message.html", MessagePage),
    ],
)
def test_a_template_uses_only_its_page_fields(app: Flask, template: str, declared: type) -> None:
    """The names a template uses are the fields its page declares, and the three globals."""
    assert _names(app, template) - GLOBALS <= {field.name for field in fields(declared)}


@pytest.mark.parametrize(
    ("template", "declared", "unused"),
    [
        ("shopper/promise.html", PromisePage, set()),
        ("shopper/door.html", DoorPage, set()),
        ("shopper/question.html", QuestionPage, {"answered"}),  # for the cache of drawn questions
        ("shopper/offer.html", OfferPage, set()),
        ("shopper/result.html", ResultPage, set()),
        ("shopper/message.html", MessagePage, set()),
    ],
)
def test_a_page_declares_nothing_idle(app: Flask, template: str, declared: type, unused: set[str]) -> None:
    """Every field of a page is used by its template, but for those that say why not."""
    assert {field.name for field in fields(declared)} - _names(app, template) == unused


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_sound(draw: Draw, name: str) -> None:
    """Each page is valid HTML with one h1 that begins its title, landmarks, labels, unique ids and no inline code."""
    text = draw(*PAGES[name])
    tree = html5lib.HTMLParser(strict=True).parse(text)
    title, heads = "".join(tree.find(f".//{HTML}title").itertext()), tree.findall(f".//{HTML}h1")
    assert len(heads) == 1
    refused = "Error: " if "wrong" in name else ""
    assert title.startswith(refused + "".join(heads[0].itertext()).strip())
    assert len(tree.findall(f".//{HTML}main")) == 1
    ids = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {node.get("for") for node in tree.findall(f".//{HTML}label")}
    wrapped = {id(field) for label in tree.findall(f".//{HTML}label") for field in label.iter(f"{HTML}input")}
    for field in tree.findall(f".//{HTML}input"):
        assert field.get("type") == "hidden" or field.get("id") in labelled or id(field) in wrapped
    for node in tree.iter():
        assert not [key for key in node.attrib if key == "style" or key.startswith(("on", "hx-on", "hx-trigger"))]
        assert "js:" not in " ".join(node.attrib.values())
    assert not [script for script in tree.findall(f".//{HTML}script") if not script.get("src")]
    assert 'content="noindex"' in text or "shopper/promise.html" in PAGES[name]


@pytest.mark.parametrize("name", PAGES)
def test_every_state_can_be_translated(draw: Draw, words: None, name: str) -> None:
    """In a language whose messages are all marked no page has a word of its own without a mark."""
    template, page = PAGES[name]
    text = draw(template, replace(page, lang=pseudo.LANGUAGE))
    assert pseudo.unmarked(text, pseudo.texts_of(page)) == set()


def test_hostile_words_stay_words(draw: Draw) -> None:
    """HTML in a quiz file is shown as text."""
    page = replace(PROMISE, title="<script>x</script>", promise='"><img src=x>')
    assert "<script>x" not in draw("shopper/promise.html", page)
    assert "<img" not in draw("shopper/promise.html", page)


def test_start_and_skip_weigh_the_same(draw: Draw) -> None:
    """Accepting and declining the quiz look the same and say what follows; yes and no to being remembered are alike."""
    text = draw("shopper/promise.html", PROMISE)
    assert '<button class="go">Start <small>' in text
    assert '<a class="go" href="/shop" target="_top">See all coffees <small>' in text
    assert re.findall(r'<button name="choice" value="(\w+)">', text) == ["yes", "no"]
    assert ">6 or 7 questions · about 2 minutes · no e-mail</small>" in text


HELPS = "so that we learn whether the quiz helps. To compare, some visitors aren't shown it."
NAMELESS = (
    "We keep your answers, not your name. A cookie that names nobody lets you go on until you close the browser. "
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {},
            f"{NAMELESS}If you agree, we also keep later orders and the time you take, {HELPS} The quiz works the same",
        ),
        ({"refused": "visitor"}, f"{NAMELESS}You said no, so we keep neither later orders nor the time you take."),
        (
            {"refused": "browser"},
            f"{NAMELESS}Your browser says no for you, so we keep neither later orders nor the time",
        ),
        ({"consented": True}, f"You agreed. We keep your answers with later orders and the time you take, {HELPS}"),
        (
            {"consent_mode": "off", "consented": True},
            f"We keep your answers with later orders and the time you take, {HELPS}",
        ),
        ({"consent_mode": "off", "refused": "browser"}, f"{NAMELESS}Your browser says no for you, so we keep neither"),
    ],
)
def test_what_is_kept_is_said_in_plain_words(draw: Draw, changes: dict[str, Any], words: str) -> None:
    """By the mode of consent and by what was said; and nothing of others where there is no experiment."""
    text = draw("shopper/promise.html", replace(PROMISE, **changes))
    told = " ".join(re.sub("<[^>]+>", "", text.partition("What is kept")[2]).split())
    assert told.startswith(words)
    assert "some visitors" not in draw("shopper/promise.html", replace(PROMISE, **changes, experiment=False))


@pytest.mark.parametrize(
    ("shortest", "longest", "minutes", "words"),
    [
        (1, 1, 0.5, "1 question · about half a minute · no e-mail"),
        (6, 6, 1, "6 questions · about 1 minute · no e-mail"),
        (6, 7, 1.5, "6 or 7 questions · about 1.5 minutes · no e-mail"),
        (5, 8, 2, "5 to 8 questions · about 2 minutes · no e-mail"),
    ],
)
def test_the_length_is_one_short_line(draw: Draw, shortest: int, longest: int, minutes: float, words: str) -> None:
    """How many questions, how long, and that nobody asks for an address."""
    assert words in draw("shopper/promise.html", replace(PROMISE, shortest=shortest, longest=longest, minutes=minutes))


@pytest.mark.parametrize(
    ("shortest", "longest", "words"), [(6, 6, "of 6<"), (6, 7, "of 6 or 7<"), (5, 8, "of 5 to 8<")]
)
def test_progress_is_an_honest_range(draw: Draw, shortest: int, longest: int, words: str) -> None:
    """The text names the shortest and the longest way; the bar counts against the longest."""
    text = draw("shopper/_question.html", question("brew", shortest=shortest, longest=longest))
    assert f"Question 3 {words}" in text
    assert f'<progress value="2" max="{longest}">' in text


def _checked(text: str) -> list[tuple[str, str]]:
    found = re.finditer(r'name="(\w+)" value="([^"]*)" checked', text)
    return [(match[1], match[2]) for match in found]


def test_an_earlier_answer_is_shown(draw: Draw) -> None:
    """An earlier answer is chosen; nothing is chosen before the first one."""
    assert _checked(draw("shopper/_question.html", question("brew"))) == []
    assert _checked(draw("shopper/_question.html", question("brew", answered=True, chosen="moka"))) == [
        ("answer", "moka")
    ]
    assert _checked(draw("shopper/_question.html", question("avoid", answered=True, chosen=("nuts",)))) == [
        ("answer", "nuts")
    ]
    assert _checked(draw("shopper/_question.html", question("avoid", answered=True, chosen=()))) == [("none", "1")]
    assert 'value="12"' in draw("shopper/_question.html", question("budget", answered=True, chosen=12.0))


def test_a_refused_form_keeps_what_was_chosen(draw: Draw) -> None:
    """An error stands beside the field, is announced, and keeps what was sent."""
    page = question("avoid", error="Choose either.", rejected=("nuts", "@none"), chosen=("caffeine",), answered=True)
    text = draw("shopper/_question.html", page)
    assert _checked(text) == [("answer", "nuts"), ("none", "1")]
    assert '<p id="e" role="alert" tabindex="-1" autofocus>Choose either.</p>' in text
    assert 'aria-describedby="n e"' in text
    assert 'aria-invalid="true"' in text
    scale = draw("shopper/_question.html", question("budget", error="Choose.", rejected=("99",)))
    assert 'value="99" aria-invalid="true" aria-describedby="ends e"' in scale


def test_an_untouched_scale_holds_no_answer(draw: Draw) -> None:
    """The posted field of a scale is empty until somebody fills it."""
    text = draw("shopper/_question.html", question("budget"))
    assert re.search(r'type="number" name="answer"[^>]* value=""', text)
    assert "range" not in text


def test_only_an_optional_question_can_be_skipped(draw: Draw) -> None:
    """Only optional questions have "Skip"; the way to all products is on every one."""
    for name, asked in QUIZ.by_id.items():
        text = draw("shopper/_question.html", question(name))
        assert ('name="skip"' in text) is asked.optional
        assert "See all coffees" in text


def test_enter_is_next_on_every_question(draw: Draw) -> None:
    """A browser presses a form's first button for it, also without scripts: that one never skips."""
    for name in QUIZ.by_id:
        first = re.search("<button.*?>", draw("shopper/_question.html", question(name)))
        assert first is not None
        assert "skip" not in first[0]


def test_without_consent_no_time_is_measured(draw: Draw) -> None:
    """Without a beacon's address the page gives the counter nothing to read or to fill."""
    text = draw("shopper/_question.html", question("brew", beacon="", access="t.o"))
    assert "data-beacon" not in text
    assert "a30" not in text
    assert 'name="t" value="t.o"' in text


def test_the_offer_counts_what_it_has(draw: Draw) -> None:
    """Fewer products than promised, and none, are said in words; the varied share is the policy's."""
    assert "fit all your answers" not in draw("shopper/offer.html", OFFER)
    assert ">Chosen from 34 coffees by your 1 answer<" in draw("shopper/offer.html", OFFER)
    assert ">Chosen from 1 product by" in draw("shopper/offer.html", replace(OFFER, considered=1))
    assert "about 12% of the time" in draw("shopper/offer.html", OFFER)
    assert "Nobody paid for a place" in draw("shopper/offer.html", OFFER)
    assert "Two products fit all your answers." in draw(*PAGES["offer, two"])
    near = replace(OFFER, cards=(), near=(Near(CARD, ("Costs more.",)),), relaxed="Closest if you relax the budget:")
    assert "No product fits all of it. Closest if you relax the budget:" in draw("shopper/offer.html", near)


def test_the_price_stands_before_the_way_to_it(draw: Draw) -> None:
    """On every card the price comes before the link to the shop."""
    text = draw("shopper/offer.html", OFFER)
    assert text.index("£12.50") < text.index("/go/a/house")
    assert "from £12.50" not in text
    dearer = replace(OFFER, cards=(CARD._replace(is_from=True),))
    assert "from £12.50" in draw("shopper/offer.html", dearer)


def test_an_address_that_opens_the_answers_says_so(draw: Draw) -> None:
    """Where there are no cookies, on every page of the attempt; nowhere else."""
    words = "whoever has it can read and change them"
    assert words in draw("shopper/question.html", question("brew", access="t.o", beacon=""))
    assert words in draw("shopper/offer.html", OFFER)
    assert words not in draw("shopper/question.html", question("brew"))
    assert words not in draw("shopper/offer.html", replace(OFFER, access=""))


def test_a_shared_result_tells_no_answers(draw: Draw) -> None:
    """The page behind a copied link has products and reasons, and no way into the attempt."""
    text = draw("shopper/result.html", RESULT)
    assert "House blend" in text
    assert "/a/" not in text.replace("/go/a/", "")


def test_a_title_does_not_say_the_same_twice(draw: Draw) -> None:
    """Where an offer's headline is the quiz's title, as in a shared result whose headline repeats an answer."""
    for template, page in (("result", RESULT), ("offer", OFFER)):
        text = draw(f"shopper/{template}.html", replace(page, headline=page.title))
        assert f"<title>{page.title}</title>" in text
        assert f"{page.title} · {page.title}" not in text


def test_vendored_files_are_what_was_fetched() -> None:
    """Every vendored file has the checksum that was written down when it was fetched."""
    folder = ROOT / "static" / "vendor"
    lines = (folder / "checksums.txt").read_text("ascii").splitlines()
    noted = {name: digest for digest, name in (line.split() for line in lines)}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    del found["checksums.txt"]
    assert found == noted
