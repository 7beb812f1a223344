"""An editor's slips with the keys of texts, order and videos: each is said with its place and its remedy."""

from pathlib import Path

import pytest

from quizfunnel.quiz.check.run import check_quiz
from tests.quiz.files import changed, lay

ASK, HELP = "ask: Do you own a grinder?", "ask: Do you own a grinder?\n    help: "
END, LABEL, GROUND = "headline: Your coffees", "label: Moka pot", "favours: {tag:ground: 2}"
LEVEL = "ask: How strong do you like it?"


def _said(folder: Path, old: str, new: str) -> list[str]:
    path = lay(folder, changed((old, new)))
    return [finding.text().removeprefix("q.yaml:") for finding in check_quiz(path, name="q.yaml")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (ASK, "ask: A grinder for your {brw}?", "14:10: error: `{brw}` names no question; did you mean `brew`?"),
        (
            ASK,
            "ask: A grinder for {espresso}?",
            (
                "14:10: error: `{espresso}` names no question, but a choice of `brew`; "
                "write {brew}, which says whatever was chosen"
            ),
        ),
        (
            ASK,
            "ask: A grinder for { brew }?",
            ("14:10: error: `{ brew }` is no answer: in braces stands an earlier question's id alone, like {brew}"),
        ),
        (
            ASK,
            'ask: "A grinder for {{brew}}?"',
            ("14:10: error: `{` is no answer: in braces stands an earlier question's id alone, like {brew}"),
        ),
        (
            ASK,
            "ask: A grinder for {Brew}?",
            ("14:10: error: `{Brew}` is no answer: in braces stands an earlier question's id alone, like {brew}"),
        ),
        (
            ASK,
            "ask: A grinder for {budget}?",
            (
                "14:10: error: `{budget}` is not asked before this text is read; name an "
                "earlier question, or say it without"
            ),
        ),
        (
            ASK,
            "ask: Is {grinder} here?",
            (
                "14:10: error: `{grinder}` is not asked before this text is read; name an "
                "earlier question, or say it without"
            ),
        ),
        (
            LABEL,
            'label: "No {brew}"',
            (
                "12:27: error: `{brew}` in `label` can repeat no answer: a label is the answer "
                "itself, in figures too; write it without braces"
            ),
        ),
        (
            "promise: Three coffees",
            "promise: Three {brew} coffees",
            (
                "2:10: error: `{brew}` in `promise` can repeat no "
                "answer: the promise is read before anything is answered; write it without braces"
            ),
        ),
        (
            ASK,
            HELP + '"One *star"',
            "15:11: warning: '*' is shown as it is written: write one on each side, *emphasis*, or \\* for a star",
        ),
        (
            LEVEL,
            "ask: How strong, with {grinder}?",
            (
                "39:10: error: `{grinder}` is not asked on every way to this text "
                "(after brew=moka, moment=morning, avoid=none, budget=12); ask this only after an answer "
                "(`when: {grinder: "
                "[yes, no]}`), or name another question"
            ),
        ),
        (
            LEVEL,
            "ask: How strong, without {avoid}?",
            (
                "39:10: error: `{avoid}` can be answered with none of its choices, "
                "and then there is nothing to say here; ask this only after an answer (`when: {avoid: "
                "[caffeine, acid]}`)"
            ),
        ),
        (
            END,
            "headline: Coffees at {strength}",
            (
                "46:13: error: `{strength}` can be skipped, and then there is nothing "
                "to say here; take `optional` from it, or say it without"
            ),
        ),
        (
            ASK,
            f"{HELP}See [how](http:/grind)",
            ("15:11: error: 'http:/grind' is no address of the shop; write a path like /pages/guide, or https://..."),
        ),
        (
            ASK,
            f"{HELP}See [how](/grind/{{brew}})",
            ("15:11: error: the address '/grind/%7Bbrew%7D' can hold no answer; link to one page"),
        ),
        (
            LABEL,
            "label: Moka pot, help: 'On [a stove](/stove)'",
            ("12:43: error: a link in a choice would be pressed together with it; put it into the question's `help`"),
        ),
        (
            ASK,
            f"{HELP}'# Grinders'",
            (
                "15:11: warning: '#' is shown as it is written: `help` takes *emphasis*, **more of "
                "it**, [words](/pages/x) that link to the shop, and line breaks"
            ),
        ),
        (
            ASK,
            f"{HELP}A <b>mill</b>",
            (
                "15:11: warning: '<b>' is shown as it is written: `help` takes *emphasis*, **more "
                "of it**, [words](/pages/x) that link to the shop, and line breaks"
            ),
        ),
        (
            ASK,
            "ask: Do **you** own a grinder?",
            ("14:10: warning: '**' is shown as it is written: `ask` takes no Markdown; `help` and `why` do"),
        ),
        (
            ASK,
            f"{ASK}\n    choices_order: random",
            ("15:20: error: `choices_order` is 'random'; write `written` or `shuffled`"),
        ),
        (
            ASK,
            f"{ASK}\n    chioces_order: shuffled",
            ("15:5: error: unknown key `chioces_order`; did you mean `choices_order`?"),
        ),
        (
            ASK,
            f"{ASK}\n    video: https://youtu.be/x",
            (
                "15:12: error: https://youtu.be/x is played by another site, which "
                "would see your shoppers; a video is a file of the store: put it into the folder "
                "static/video and write "
                "/static/video/NAME.mp4"
            ),
        ),
        (
            ASK,
            f"{ASK}\n    video: grind.mp4",
            (
                "15:12: error: 'grind.mp4' is no file of the store; a video is a file of "
                "the store: put it into the folder static/video and write /static/video/NAME.mp4"
            ),
        ),
        (
            ASK,
            f"{ASK}\n    video: /static/grind.mov",
            ("15:12: error: browsers do not all play 'grind.mov'; make it an MP4 (H.264) or a WebM: .mp4, .webm"),
        ),
        (
            ASK,
            f"{ASK}\n    video: {{file: /static/a.mp4, captions: a.srt}}",
            ("15:44: error: captions are a WebVTT file of the store, like /static/video/NAME.vtt"),
        ),
        (ASK, f"{ASK}\n    video: {{fiel: /static/a.mp4}}", "15:13: error: unknown key `fiel`; did you mean `file`?"),
        (
            ASK,
            f"{ASK}\n    video: {{file: /static/a.mp4, ratio: 2:1}}",
            ("15:41: error: `ratio` is '2:1'; write `16:9`, `4:3`, `1:1` or `9:16`"),
        ),
        (
            ASK,
            f"{ASK}\n    captions: /static/a.vtt",
            "15:5: error: `captions` stands below `video`: write `video: {captions: ...}`",
        ),
        (
            ASK,
            f"{ASK}\n    video: [/static/a.mp4]",
            "15:12: error: `video` is a file, like /static/video/x.mp4, or {file: ..., captions: ..., poster: ...}",
        ),
        (
            ASK,
            "ask: {brew} and a grinder?",
            (
                "14:10: error: a text that begins with { must be in quotation marks; write it as "
                '`    ask: "{brew} and a grinder?"`'
            ),
        ),
        (
            ASK,
            f"{HELP}*Pick* one",
            '15:11: error: a text that begins with * must be in quotation marks; write it as `    help: "*Pick* one"`',
        ),
        ("minutes: 1", "minutes: 1\nauto_advance: yes", "4:15: error: `auto_advance` must be true or false"),
    ],
)
def test_a_slip_is_said_with_its_place_and_its_remedy(tmp_path: Path, old: str, new: str, said: str) -> None:
    """One finding for one slip: its line, its column, what is wrong and what to write."""
    assert _said(tmp_path, old, new) == [said]


def test_answers_that_are_always_there_are_no_slip(tmp_path: Path) -> None:
    """A path's own answer, one behind a `when`, and a headline's; a label that says nothing alone is a warning."""
    assert _said(tmp_path, ASK, "ask: For your {brew}, do you own a grinder?") == []
    behind = _said(tmp_path, LEVEL, f"when: {{avoid: [caffeine, acid]}}\n    {LEVEL} Without {{avoid}}?")
    assert not any("{avoid}" in each for each in behind)
    assert _said(tmp_path, END, "headline: Coffees for {brew}, up to {budget}") == []
    warned = _said(tmp_path, LEVEL, f"when: {{grinder: [yes, no]}}\n    {LEVEL} You said {{grinder}}.")
    assert [each for each in warned if "`{grinder}`" in each] == [
        (
            "40:10: warning: `{grinder}` can read “Yes” here, which says nothing without its question; "
            "read the sentence "
            "with every label of it, or say it without"
        )
    ]


def test_a_sensitive_answer_is_repeated_nowhere(tmp_path: Path) -> None:
    """Naming it is an error, wherever it stands."""
    path = lay(
        tmp_path,
        changed(
            ("ask: When do you enjoy it most?", "ask: When do you enjoy it most?\n    sensitive: true\n    why: So"),
            ("ask: Anything you avoid?", "ask: With {moment}, anything you avoid?"),
        ),
    )
    said = [finding.message for finding in check_quiz(path) if finding.severity == "error"]
    assert said == ["`moment` is sensitive, and its answer is repeated nowhere; say it without `{moment}`"]
