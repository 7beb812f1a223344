"""A visitor is who we signed for, for the purpose that we signed it for."""

from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.kit.ids import new_id
from quizfunnel.kit.signing import Signer
from quizfunnel.visit import identity
from tests.cast import KEY

ANNA = "a" * 32
SIGNER = Signer([KEY])


def test_a_cookie_and_a_cart_token_bring_the_visitor_back() -> None:
    """A cookie that we signed, we read."""
    assert identity.read_cookie(SIGNER, identity.sign_cookie(SIGNER, ANNA)) == ANNA
    assert identity.read_cart_token(SIGNER, identity.cart_token(SIGNER, ANNA)) == ANNA


def test_a_cart_token_is_no_cookie() -> None:
    """The token that the store sees in its orders cannot be used to be the visitor."""
    assert identity.read_cookie(SIGNER, identity.cart_token(SIGNER, ANNA)) is None
    assert identity.read_cart_token(SIGNER, identity.sign_cookie(SIGNER, ANNA)) is None


def test_an_older_key_still_reads() -> None:
    """Keys rotate without forgetting anybody."""
    newer = Signer([b"another key of thirty-two bytes.", KEY])
    assert identity.read_cookie(newer, identity.sign_cookie(SIGNER, ANNA)) == ANNA
    assert identity.read_cookie(SIGNER, identity.sign_cookie(newer, ANNA)) is None


@given(st.text(max_size=80) | st.none())
def test_nothing_that_we_did_not_sign_is_a_visitor(value: str | None) -> None:
    """No text of a stranger's names a visitor, and none is an error."""
    assert identity.read_cookie(SIGNER, value) is None
    assert identity.read_cart_token(SIGNER, value) is None


def test_only_an_id_is_a_visitor() -> None:
    """Even a signed payload must have an id's form."""
    assert identity.read_cookie(SIGNER, identity.sign_cookie(SIGNER, "anna")) is None


def test_the_cookies_name_is_bound_to_the_host_over_https() -> None:
    """A `__Host-` cookie cannot be planted by a neighbouring subdomain; plain http cannot have one."""
    assert (identity.cookie_name(secure=True), identity.cookie_name(secure=False)) == ("__Host-qf_v", "qf_v")


@given(st.lists(st.sampled_from(["a=1", "qf=2; b=3", "qf_vx=no", "", "x", " ; ;"]), max_size=4))
def test_one_cookie_is_picked_by_its_whole_name(others: list[str]) -> None:
    """A cookie is found among any others, and never one whose name only begins alike."""
    value = identity.sign_cookie(SIGNER, new_id())
    assert identity.pick("; ".join([*others, f"qf_v={value}", *others]), "qf_v") == value
    assert identity.pick("; ".join(others), "qf_v") is None
