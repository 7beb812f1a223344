"""Hosts of the store: those that its settings name, and the one that a quiz names for products; pure."""

from urllib.parse import urlsplit

from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import Settings


def store_hosts(settings: Settings, quiz: Quiz) -> frozenset[str]:
    """Return the hosts that links of a quiz and of its offers may lead to."""
    named = (settings.shop_url, quiz.catalog_ref.product_url or "", *settings.shop.origins)
    return frozenset({*settings.shop_hosts, *(urlsplit(address).hostname or "" for address in named)} - {""})
