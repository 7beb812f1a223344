"""The sources that this deployment has: those whose secret is set."""

from quizfunnel.orders.sources import OrderSource
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.sources.standard import StandardSource
from quizfunnel.settings import Settings

NAMES = ("shopify", "standard")


def configured(settings: Settings) -> dict[str, OrderSource]:
    """Return every source whose secret is set, by name; a source without one does not exist."""
    found: dict[str, OrderSource] = {}
    if secret := settings.standard_secret.get_secret_value():
        found["standard"] = StandardSource(secret)
    if secret := settings.shopify_secret.get_secret_value():
        found["shopify"] = ShopifySource(secret)
    return found
