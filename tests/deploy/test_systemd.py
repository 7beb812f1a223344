"""Laws of the services: systemd reads them without a word, both are locked in alike, and they run what there is."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from quizfunnel import cli
from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.settings import strangers
from quizfunnel.starter import STARTER

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "systemd"
SERVICES = ("quizfunnel.service", "quizfunnel-nightly.service")
UNITS = (*SERVICES, "quizfunnel-nightly.timer")
OWN = {"type", "execstart", "restart", "restartsec", "timeoutstopsec", "limitnofile", "nice", "ioschedulingclass"}
MOST_EXPOSED = 20  # of systemd's hundred, where a service without any of this has over ninety
ANALYZE = shutil.which("systemd-analyze")
NEEDS_SYSTEMD = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not on this machine")


def service(name: str) -> dict[str, str]:
    """Return what a unit's [Service] says."""
    read = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    read.read_string((FOLDER / name).read_text("utf-8"))
    return dict(read["Service"])


def analyzed(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Return what systemd-analyze says."""
    assert ANALYZE
    return subprocess.run([ANALYZE, *arguments], capture_output=True, text=True, check=False)


@NEEDS_SYSTEMD
def test_systemd_reads_them_without_a_word(tmp_path: Path) -> None:
    """No unknown key, no value that it passes over; the command stands where it is installed here."""
    command = Path(sys.executable).with_name("quizfunnel")
    for name in UNITS:
        text = (FOLDER / name).read_text("utf-8").replace("/opt/quizfunnel/bin/quizfunnel", str(command))
        (tmp_path / name).write_text(text)
    said = analyzed("verify", *(str(tmp_path / name) for name in UNITS))
    ours = [line for line in said.stderr.splitlines() if "quizfunnel" in line]
    assert (ours, said.returncode) == ([], 0)


@NEEDS_SYSTEMD
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_exposed_little(name: str) -> None:
    """By systemd's own measure, which fails above the threshold."""
    said = analyzed("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(FOLDER / name))
    assert said.returncode == 0, said.stdout


def test_both_are_locked_in_alike() -> None:
    """What is not of their own kind is the same, but for what the night writes: models, and catalogues."""
    serve, nightly = ({key: value for key, value in service(name).items() if key not in OWN} for name in SERVICES)
    own = "/srv/shop/models -/srv/shop/quizzes/catalogs"  # there may be none
    assert nightly.pop("readwritepaths") == f"{serve.pop('readwritepaths')} {own}"
    assert serve == nightly
    assert serve["nonewprivileges"] == "yes"
    assert serve["protectsystem"] == "strict"
    assert "procsubset" not in serve  # it hides the boot id, by which workers know that they share a clock


def test_the_night_may_write_where_catalogues_lie() -> None:
    """The folder of a new store's catalogue, which a pull replaces there; the docs give each folder to its user."""
    nightly = service("quizfunnel-nightly.service")
    store, paths = Path(nightly["workingdirectory"]), nightly["readwritepaths"].replace("-", "").split()
    catalogs = [store / "quizzes" / name for name in STARTER if name.endswith(".csv")]
    assert {str(catalog.parent) for catalog in catalogs} <= set(paths)
    assert f"chown quizfunnel: {' '.join(paths)}\n" in (ROOT / "docs" / "running.md").read_text("utf-8")


def test_they_run_commands_that_there_are() -> None:
    """With options that the command knows."""
    for name in SERVICES:
        _, verb, *options = service(name)["execstart"].split()
        shown = CliRunner().invoke(cli.main, [verb, "--help"]).output
        assert shown.startswith(f"Usage: main {verb}")
        assert all(option in shown for option in options if option.startswith("--"))


def test_the_example_names_settings_that_there_are() -> None:
    """Those that are commented out too; it sets what a service behind a proxy needs."""
    lines = re.findall(r"^#?(QUIZFUNNEL_\w+)=(.*)$", (FOLDER / "quizfunnel.env").read_text("utf-8"), re.MULTILINE)
    assert strangers(dict(lines), StoreSettings.variables()) == []
    assert {"QUIZFUNNEL_STORE", "QUIZFUNNEL_PUBLIC_URL", "QUIZFUNNEL_PROXIES"} <= dict(lines).keys()


def test_commands_by_hand_have_the_settings_of_the_service(tmp_path: Path) -> None:
    """The command of the docs gives the program each setting as systemd reads it, and its words whole."""
    text = (ROOT / "docs" / "running.md").read_text("utf-8")
    by_hand = re.search(r"^sudo -u quizfunnel (sh -c '.*') - ", text, re.MULTILINE)
    assert by_hand
    program, settings = tmp_path / "quizfunnel", tmp_path / "quizfunnel.env"
    program.write_text('#!/bin/sh\nenv\nprintf "<%s>" "$@"\n', "utf-8")
    program.chmod(0o755)
    unset = re.sub(r"^#(QUIZFUNNEL_)", r"\1", (FOLDER / settings.name).read_text("utf-8"), flags=re.MULTILINE)
    settings.write_text(unset + 'QUIZFUNNEL_SOURCES=\'{"standard": {"secret": "a $b & c"}}\'\n', "utf-8")
    command = by_hand[1].replace("/opt/quizfunnel/bin/quizfunnel", str(program))
    command = command.replace(service("quizfunnel.service")["environmentfile"], str(settings))
    shown = subprocess.run(
        ["/bin/sh", "-c", f"{command} - staff add 'two words'"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    given = dict(re.findall(r"^#?(QUIZFUNNEL_\w+)=(.*)$", settings.read_text("utf-8"), re.MULTILINE))
    assert {f"{name}={value.strip(chr(39))}" for name, value in given.items()} <= set(shown.stdout.splitlines())
    assert shown.stdout.endswith("<staff><add><two words>")
