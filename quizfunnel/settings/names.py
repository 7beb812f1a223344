"""Names under which settings stand in the environment and in a store's file."""

import os
import re
from pathlib import Path

PREFIX = "QUIZFUNNEL_"
TOML = "quizfunnel.toml"
FROM_FILE = "_FILE"  # QUIZFUNNEL_SECRET_KEY_FILE names a file that holds the secret key
BESIDES = ("COUNTERS", "DEMO", "TEST_DATABASE")  # read from the environment, yet no settings of a store
SECRETS = ("database_url", "secret_key", "metrics_token")  # beside those of the order sources
SOURCES = "sources"  # the table of the order sources, each with its secret
_OF_SOURCE = re.compile(r"([a-z][a-z0-9]*)_secret")


def variable(setting: str) -> str:
    """Return the name of a setting's environment variable."""
    return f"{PREFIX}{setting.upper()}"


def source_secret(source: str) -> str:
    """Return the name under which an order source's secret stands beside the other settings."""
    return f"{source}_secret"


def source_of(setting: str) -> str | None:
    """Return the order source whose secret a setting's name means, None for any other setting."""
    named = _OF_SOURCE.fullmatch(setting)
    return named and named[1]


def store_folder() -> Path:
    """Return the store's folder: QUIZFUNNEL_STORE, else the current one."""
    return Path(os.environ.get(f"{PREFIX}STORE") or Path.cwd()).absolute()
