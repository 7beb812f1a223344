"""Store folders as `quizfunnel init` and `quizfunnel demo` write them."""

import os
import secrets
import shutil
from base64 import b64encode
from pathlib import Path

from quizfunnel.settings import TOML, SettingsError
from quizfunnel.shipped import shipped_folder

STARTER = ("coffee.yaml", "catalogs/coffee.csv", "quiz.schema.json", "language.schema.json")

_TOML = """\
# The settings of this store. Every one can also come from the environment, as QUIZFUNNEL_ and its name in
# capitals; secrets better do, or from a file that QUIZFUNNEL_<NAME>_FILE names. `quizfunnel serve` says what is wrong.

# Where shoppers open the quizzes; needed as soon as other machines may reach them.
# public_url = "https://quiz.example"   # several: "https://quiz.example,https://quiz.example.fr"

# Your shop's home, and other hosts that an offer may lead to.
# shop_url = "https://shop.example"
# shop_hosts = ["checkout.example"]

# Your privacy notice, linked where consent is asked for.
# privacy_url = "https://shop.example/privacy"

# ask: nothing is linked before the visitor agrees. off: you have your own legal ground.
consent = "ask"

# A good quiz file is live when it is saved; false leaves that to `quizfunnel publish`, as is usual with PostgreSQL.
# auto_publish = false

# Your brand on every page; quizfunnel theme shows it (docs/theming.md).
# [theme]
# name = "linen"   # or harbour, or ink
# accent = { light = "#9a3f24", dark = "#f0a98c" }

# The shop whose pages carry the snippet, and how it hears of consent (docs/shop.md).
# [shop]
# origins = ["https://shop.example"]
# consent_adapter = "call"

# Which page of your shop invites to which quiz; * stands for any rest.
# [invitations]
# "/coffee/*" = "coffee"

# Where `quizfunnel catalog pull` and the nightly run get catalogues: an https address, a file or a folder.
# [catalogs]
# "catalogs/coffee.csv" = "https://shop.example/exports/coffee.csv"

# One share of visitors that no quiz invites, so that what all quizzes do together can be measured. It takes the
# place of the experiments in the quiz files.
# [holdout]
# name = "all-year"
# share = 0.1

# Two quizzes against each other: every second visitor of a page that invites to one of them is invited to the other.
# Ads and mails lead to its door, /c/shorter.
# [comparisons.shorter]
# quizzes = ["coffee", "coffee-short"]
"""

_DEMO_TOML = """\
# The demo's own store, made by `quizfunnel demo`; delete the folder to begin anew.
consent = "off"
standard_secret = "{secret}"

# `quizfunnel demo` sets these by the ports that it is started with; its shop is a program of its own there.
shop_url = "http://127.0.0.1:8001/shop"
shop.origins = ["http://127.0.0.1:8001"]

[invitations]
"/shop/coffee*" = "coffee"
"/shop/skin-care*" = "skin-care"

# Another look for the quizzes and the shop: linen, harbour or ink, or colours of your own (docs/theming.md).
# [theme]
# name = "linen"
"""


def write_store(folder: Path) -> tuple[Path, ...]:
    """Write a store with one quiz to start from, and return its files; refuse a folder that has anything in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SettingsError(f"{folder} is not empty, so nothing was written; name a new folder")
        written = [_copy(shipped_folder() / "quizzes" / name, folder / "quizzes" / name) for name in STARTER]
        written += [_write(folder / TOML, _TOML), _write(folder / ".gitignore", "/var/\n")]
        for name in ("models", "templates"):
            (folder / name).mkdir()
    except OSError as error:
        raise SettingsError(f"{folder}: a store cannot be written there: {error.strerror}") from None
    return tuple(written)


def demo_store(store: Path) -> Path:
    """Return the demo's own store folder in `store`'s var/, made where it is not there.

    Its quizzes are the shipped ones themselves where the system can link, so that an edit shows at once.
    """
    folder = store / "var" / "demo"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        toml = folder / TOML
        if not toml.exists():
            secret = "whsec_" + b64encode(secrets.token_bytes(24)).decode("ascii")
            _write(toml, _DEMO_TOML.format(secret=secret)).chmod(0o600)
        _link(shipped_folder() / "quizzes", folder / "quizzes")
    except OSError as error:
        raise SettingsError(f"{folder}: the demo cannot write its store there: {error.strerror}") from None
    return folder


def _link(source: Path, target: Path) -> None:
    if target.is_symlink() and target.resolve() != source.resolve():
        target.unlink()
    if target.exists():
        return
    try:
        target.symlink_to(os.path.relpath(source, target.parent), target_is_directory=True)
    except OSError:
        shutil.copytree(source, target)


def _copy(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(source, target))


def _write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path
