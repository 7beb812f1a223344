"""Settings: every one once, with its name, default, meaning and environment name."""

from quizfunnel.settings.addresses import LOOPBACK
from quizfunnel.settings.catalogs import CatalogSource
from quizfunnel.settings.errors import SettingsError, gone, strangers
from quizfunnel.settings.experiments import Comparison, Holdout
from quizfunnel.settings.fields import Settings
from quizfunnel.settings.names import PREFIX, SECRETS, TOML, store_folder
from quizfunnel.settings.secrets import KnownSource, SourceSettings
from quizfunnel.settings.shop import InvitationSettings, Shop
from quizfunnel.settings.theme import ThemeSettings

__all__ = [
    "LOOPBACK",
    "PREFIX",
    "SECRETS",
    "TOML",
    "CatalogSource",
    "Comparison",
    "Holdout",
    "InvitationSettings",
    "KnownSource",
    "Settings",
    "SettingsError",
    "Shop",
    "SourceSettings",
    "ThemeSettings",
    "gone",
    "store_folder",
    "strangers",
]
