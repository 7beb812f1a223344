"""The proof that answers are there to be repeated says what trying every way says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.quiz.check.texts.proof import END, Mention, unanswered
from quizfunnel.quiz.texts import mentions
from quizfunnel.quiz.texts.shown import Beholder, shown
from tests.quiz import small


@given(small.questions())
@settings(max_examples=150, deadline=None)
def test_an_answer_is_lost_where_some_way_lacks_it(drawn: list[small.Raw]) -> None:
    """For every question and every earlier one: never asked, skipped, or none of its choices; the way told is one."""
    quiz = small.quiz_of(drawn)
    ids = [question["id"] for question in drawn]
    wanted = {Mention(at, name) for at in range(len(ids)) for name in range(at)}
    wanted |= {Mention(END, name) for name in range(len(ids))}
    runs = list(small.every_run(drawn))

    def lacks(run: small.Raw, each: Mention) -> bool:
        return (each.at == END or ids[each.at] in run) and run.get(ids[each.name]) in (None, ())

    lost = unanswered(quiz, wanted)
    assert set(lost) == {each for each in wanted if any(lacks(run, each) for run in runs)}
    for each, way in lost.items():
        before = ids if each.at == END else ids[: each.at]
        assert set(way) <= set(before)
        assert way.get(ids[each.name]) in (None, ())


@given(small.questions(), st.data())
@settings(max_examples=100, deadline=None)
def test_no_brace_reaches_a_page_of_what_is_proven(drawn: list[small.Raw], data: st.DataObject) -> None:
    """Whatever is answered: a text whose answers are proven has neither a brace nor an ellipsis."""
    for at, question in enumerate(drawn[1:], start=1):
        name = data.draw(st.sampled_from([each["id"] for each in drawn[:at]]))
        question["ask"], question["help"] = f"With {{{name}}}?", f"*Really* {{{name}}}"
    quiz = small.quiz_of(drawn)
    ids = list(quiz.by_id)
    pairs = {Mention(at, ids.index(mentions.mentioned(question["ask"])[0])) for at, question in enumerate(drawn) if at}
    unproven = {ids[each.at] for each in unanswered(quiz, pairs)}
    for run in small.every_run(drawn):
        for id in run:
            before = {name: value for name, value in run.items() if ids.index(name) < ids.index(id)}
            seen = shown(quiz, quiz.by_id[id], Beholder("a", before))
            assert "{" not in seen.ask + seen.help
            assert id in unproven or mentions.UNSAID not in seen.ask + seen.help
