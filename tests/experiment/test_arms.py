"""The draw is even, sticky and of one visitor and experiment; a page invites by its closest pattern."""

from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.experiment import arms
from quizfunnel.experiment.design import STORE, Design
from quizfunnel.kit.ids import new_id
from quizfunnel.kit.signing import Signer
from tests.cast import KEY

SPRING = Design("coffee", "spring", 0.2, 7)
SHORTER = Design(STORE, "shorter", 0.4, 7, quizzes=("coffee", "short"))
ANNA = "a" * 32


def test_it_is_drawn_from_quiz_experiment_and_visitor() -> None:
    """The text is fixed for ever: another one would move every visitor."""
    assert arms.draw_text(SPRING, ANNA) == f"coffee\0spring\0{ANNA}"


@given(st.binary(min_size=8, max_size=40), st.floats(0, 1, exclude_max=True))
def test_an_arm_depends_on_the_first_eight_bytes_and_the_share(digest: bytes, share: float) -> None:
    """Below the share is holdout; the same digest never falls out of a growing holdout."""
    expected = "holdout" if int.from_bytes(digest[:8], "big") / 2**64 < share else "invited"
    design = SPRING._replace(holdout_share=share)
    assert arms.arm(digest, design) == expected
    assert arms.arm(digest[:8], design) == expected
    if expected == "holdout":
        assert arms.arm(digest, design._replace(holdout_share=(1 + share) / 2)) == "holdout"


def test_no_holdout_holds_nobody_out() -> None:
    """A share of nothing is nobody, not even the least digest."""
    assert arms.arm(bytes(32), SPRING._replace(holdout_share=0)) == "invited"
    assert arms.arm(bytes(32), SPRING._replace(holdout_share=1e-12)) == "holdout"


@given(st.binary(min_size=8, max_size=8))
def test_a_comparison_draws_its_two_quizzes(digest: bytes) -> None:
    """Below the share that stands is the first quiz, else the second; each arm has its own quiz."""
    arm = arms.arm(digest, SHORTER)
    assert arm == ("first" if int.from_bytes(digest, "big") / 2**64 < 0.4 else "second")
    assert arms.quiz_of(arm, SHORTER) == {"first": "coffee", "second": "short"}[arm]


def test_the_draw_keeps_the_share() -> None:
    """Of 20,000 visitors 20 % are held out, within four standard errors; a new experiment draws anew."""
    signer, number = Signer([KEY]), 20_000
    autumn = SPRING._replace(experiment="autumn")
    visitors = [f"{each:032x}" for each in range(number)]
    first = [arms.arm(signer.digest("arm", arms.draw_text(SPRING, each)), SPRING) for each in visitors]
    second = [arms.arm(signer.digest("arm", arms.draw_text(autumn, each)), autumn) for each in visitors]
    both = sum(pair == ("holdout", "holdout") for pair in zip(first, second, strict=True)) / number
    assert abs(first.count("holdout") / number - 0.2) < 0.0114
    assert abs(both - 0.04) < 0.0056


def test_the_longest_pattern_invites() -> None:
    """An exact path before a `*` of the same length, a longer `*` before a shorter one."""
    patterns = {"/shop/*": "all", "/shop/tea/*": "tea", "/shop/tea/green*": "greens", "/shop/tea/green": "green"}
    paths = ["/shop/mugs", "/shop/tea/black", "/shop/tea/green-1", "/shop/tea/green", "/shop", "/", "/x/shop/"]
    assert [arms.invitation_for(path, patterns) for path in paths] == [
        "all",
        "tea",
        "greens",
        "green",
        None,
        None,
        None,
    ]


def test_a_slash_at_the_end_makes_no_other_page() -> None:
    """Shops answer both; the page itself comes before what stands below it, and its very letters before others."""
    patterns = {"/tea": "tea", "/tea/*": "teas", "/mugs/": "mugs", "/mugs": "mug", "/": "home"}
    paths = ["/tea", "/tea/", "/tea/green", "/mugs/", "/mugs", "/", "/cups/"]
    found = [arms.invitation_for(path, patterns) for path in paths]
    assert found == ["tea", "tea", "teas", "mugs", "mug", "home", None]


@given(st.text(max_size=20), st.dictionaries(st.text(max_size=6), st.just("quiz"), max_size=4))
def test_no_path_and_no_pattern_is_an_error(path: str, patterns: dict[str, str]) -> None:
    """Patterns are compared, not compiled: nothing in them is special but a `*` at the end."""
    found = arms.invitation_for(path, patterns)
    fits = [
        each
        for each in patterns
        if (path.startswith(each[:-1]) if each.endswith("*") else each.rstrip("/") == path.rstrip("/"))
    ]
    assert (found is not None) == bool(fits)


def test_ids_are_never_drawn_twice() -> None:
    """128 random bits, as 32 digits."""
    assert len({new_id() for _ in range(1000)}) == 1000
