"""Configured sources: the settings of a store that knows its order sources, and those whose secret is set."""

from quizfunnel.orders.sources import SOURCES
from quizfunnel.orders.sources.source import OrderSource
from quizfunnel.settings import Settings


class StoreSettings(Settings):
    """The settings of a deployment that takes orders: a secret that no source can have is refused."""

    source_kinds = SOURCES


def configured(settings: Settings) -> dict[str, OrderSource]:
    """Return every source whose secret is set, by name; a source without one does not exist."""
    return {kind.name: kind.make(secret) for kind in SOURCES if (secret := settings.secret_of(kind.name))}
