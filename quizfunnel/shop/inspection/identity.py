"""Identity of visitors on a shop: by which store of the browser they are known, and for how long; pure.

Safari's rules are WebKit's tracking prevention: seven days for what a script keeps, and for cookies of a server that
stands on another network than the page's.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from quizfunnel.shop.inspection.sight import Sight
from quizfunnel.shop.inspection.site import list_day, share_a_network, site

SHORT_DAYS = 7
_TOGETHER = "Behind the shop's own proxy or content network they would be of one"


class Networks(NamedTuple):
    """IP addresses of the shop and of the quizzes' host."""

    shop: Sequence[str]
    quiz: Sequence[str]


def look_at_identity(page: str, public: str, networks: Networks | None, windows: Mapping[str, int]) -> Iterator[Sight]:
    """Yield by what a browser knows a visitor again, and the experiments that count orders for longer."""
    here = site(page)
    if here != site(public):
        yield Sight(
            "identity",
            "note",
            f"{here} and {site(public)} are two sites (by the list of {list_day()}): visitors are known by a token in "
            f"the shop's own storage, which Safari empties after {SHORT_DAYS} days without a visit; quizzes on a "
            "subdomain of the shop would have a cookie",
        )
        yield from _too_long(windows)
        return
    cookie = f"one site, {here}: visitors are known by our server's cookie for 13 months"
    if networks is None:
        safari = f", in Safari for {SHORT_DAYS} days if the quizzes stand on another network than the shop"
        yield Sight("identity", "note", f"{cookie}{safari}, which could not be looked up")
    elif share_a_network(networks.shop, networks.quiz):
        yield Sight("identity", "ok", f"{cookie}; both stand on one network, so in Safari too")
    else:
        apart = f"{networks.shop[0]} and {networks.quiz[0]} are of two networks by their first halves"
        yield Sight("identity", "note", f"{cookie}, in Safari for {SHORT_DAYS} days: {apart}. {_TOGETHER}")
        yield from _too_long(windows)


def _too_long(windows: Mapping[str, int]) -> Iterator[Sight]:
    longer = ", ".join(f"{name} {days}" for name, days in windows.items() if days > SHORT_DAYS)
    if longer:
        yield Sight(
            "identity",
            "note",
            f"orders count for longer than Safari knows a visitor (window_days: {longer}): who comes back later is new "
            f"to it, in both arms alike, and a later order is nobody's; window_days = {SHORT_DAYS} loses none",
        )
