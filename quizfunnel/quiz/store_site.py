"""Site of the store: its home, and the hosts that its settings and a quiz name; pure."""

from typing import NamedTuple
from urllib.parse import urlsplit

from quizfunnel.kit.addresses import in_the_shop, is_on
from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import Settings

_OURS = ("/static/", "/q/")


class StoreSite(NamedTuple):
    """The store's own site, to which links of a quiz's texts and of its offers may lead."""

    home: str = ""
    hosts: frozenset[str] = frozenset()

    def address(self, written: str) -> str:
        """Return where a link leads: a path to the shop, but for our files and quizzes; nothing for another host."""
        address = written if written.startswith(_OURS) else in_the_shop(written, self.home)
        return address if is_on(address, self.hosts) else ""


def store_site(settings: Settings, quiz: Quiz) -> StoreSite:
    """Return the site of a store, as one of its quizzes sees it."""
    named = (settings.shop_url, quiz.catalog_ref.product_url or "", *settings.shop.origins)
    hosts = {*settings.shop_hosts, *(urlsplit(address).hostname or "" for address in named)} - {""}
    return StoreSite(settings.shop_url, frozenset(hosts))
