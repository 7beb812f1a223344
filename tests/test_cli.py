"""The command: what it says, what it writes, how it ends."""

import json
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quizfunnel.cli import serving
from quizfunnel.demo import world
from quizfunnel.demo.simulate import count
from quizfunnel.experiment.design import STORE, Design
from quizfunnel.experiment.frozen import freeze
from quizfunnel.insight.words.numbers import about
from quizfunnel.shipped import shipped_folder
from quizfunnel.starter import demo_store
from quizfunnel.stats import sample_size
from quizfunnel.store.engine import open_engine
from quizfunnel.store.single_run import single_run
from quizfunnel.store.transaction import writing
from tests.cast import NOON, write_store
from tests.commands import ROOT, run
from tests.insight.shop import Books
from tests.servers import LIMIT, children, free_port, get, started

pytestmark = pytest.mark.usefixtures("folder")


def test_it_works() -> None:
    """`quizfunnel --help` names every command."""
    said = run("--help")
    assert said.exit_code == 0
    for name in ("init", "check", "serve", "migrate", "demo", "report", "rollup", "export", "orders"):
        assert name in said.output


def test_init_writes_a_store_that_checks(folder: Path) -> None:
    """A new store has a quiz without an error, its settings and its .gitignore."""
    said = run("init", "shop")
    assert said.exit_code == 0, said.output
    assert (folder / "shop" / ".gitignore").read_text() == "/var/\n"
    assert (folder / "shop" / "quizfunnel.toml").exists()
    assert run("check", "shop/quizzes").exit_code == 0
    os.chdir("shop")
    assert run("check").exit_code == 0


def test_the_settings_that_init_writes_are_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line of the new quizfunnel.toml holds, those in comments too."""
    from quizfunnel.orders.sources.configured import StoreSettings

    run("init", "shop")
    monkeypatch.chdir(folder / "shop")
    toml = Path("quizfunnel.toml")
    lines = [line.removeprefix("# ") if "=" in line or "[" in line else line for line in toml.read_text().splitlines()]
    toml.write_text("\n".join(lines))
    settings = StoreSettings.load()
    assert settings.invitations == {"/coffee/*": "coffee"}
    assert settings.public_url == "https://quiz.example"


def test_init_loses_nothing(folder: Path) -> None:
    """A folder with anything in it is refused, and stays as it is."""
    (folder / "shop").mkdir()
    (folder / "shop" / "notes.txt").write_text("mine")
    said = run("init", "shop")
    assert said.exit_code == 2
    assert "not empty" in said.output
    assert [path.name for path in (folder / "shop").iterdir()] == ["notes.txt"]


def test_init_says_where_it_cannot_write(folder: Path) -> None:
    """A file in the way is told without a traceback."""
    (folder / "shop").write_text("a file")
    said = run("init", "shop")
    assert said.exit_code == 2
    assert "cannot be written" in said.output


def test_check_tells_every_finding_with_its_place(folder: Path) -> None:
    """`FILE:LINE:COL: error: ...`, a line each, and exit 1."""
    run("init", "shop")
    quiz = folder / "shop" / "quizzes" / "coffee.yaml"
    quiz.write_text(quiz.read_text().replace("pick: one", "pick: wun", 2))
    said = run("check", "shop/quizzes/coffee.yaml")
    assert said.exit_code == 1
    lines = [line for line in said.stdout.splitlines() if ": error: " in line]
    assert len(lines) == 2
    for line in lines:
        file, row, column, _ = line.split(":", 3)
        assert file == "shop/quizzes/coffee.yaml"
        assert quiz.read_text().splitlines()[int(row) - 1][: int(column) - 1].strip() in ("", "pick:")


def test_two_quizzes_over_one_catalogue_tell_its_findings_once(folder: Path) -> None:
    """The same line of the same file is not said twice."""
    run("init", "shop")
    quizzes = folder / "shop" / "quizzes"
    shutil.copy(quizzes / "coffee.yaml", quizzes / "tea.yaml")
    catalog = next((quizzes / "catalogs").glob("*.csv"))
    catalog.write_text(catalog.read_text() + "bad\n")
    said = run("check", "shop/quizzes").stdout.splitlines()
    assert len([line for line in said if line.startswith(f"shop/quizzes/catalogs/{catalog.name}:")]) == 1


def test_check_as_json(folder: Path) -> None:
    """Tools get the same findings as fields."""
    run("init", "shop")
    quiz = folder / "shop" / "quizzes" / "coffee.yaml"
    quiz.write_text(quiz.read_text().replace("pick: one", "pick: wun", 1))
    said = run("check", "--json", "shop/quizzes/coffee.yaml")
    assert said.exit_code == 1
    (finding,) = json.loads(said.stdout)["findings"]
    assert finding["severity"] == "error"
    assert finding["file"] == "shop/quizzes/coffee.yaml"
    assert "pick: wun" in quiz.read_text().splitlines()[finding["line"] - 1]


def test_check_needs_something_to_check(folder: Path) -> None:
    """A path that is not there and a folder without a quiz are mistakes of the call: exit 2, with the remedy."""
    said = run("check", "nowhere.yaml")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "nowhere.yaml: cannot be read: No such file" in said.output
    (folder / "quizzes").mkdir()
    said = run("check")
    assert said.exit_code == 2
    assert "quizfunnel init" in said.output


def test_a_wrong_setting_is_told_by_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name and its remedy, exit 2, and no traceback."""
    monkeypatch.setenv("QUIZFUNNEL_DATABASE_URL", "mysql://shop")
    for command in (["serve"], ["migrate"], ["report", "coffee"], ["orders", "replay"]):
        said = run(*command)
        assert said.exit_code == 2
        assert said.output == "Error: QUIZFUNNEL_DATABASE_URL: must begin with sqlite:/// or postgresql://\n"


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    """A file where var/ must be is named, without a traceback."""
    (folder / "var").write_text("a file")
    said = run("migrate")
    assert said.exit_code == 2
    assert "var: File exists; look at who may read and write there" in said.output


@pytest.mark.slow
def test_rollup_counts_what_is_new(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what it counted of which visitors; an unknown quiz, or a second one at the same time, is refused."""
    run("init", ".")
    assert "run quizfunnel migrate" in run("rollup").output
    monkeypatch.setenv("QUIZFUNNEL_DEMO", "1")
    assert run("demo", "--no-serve", "--visitors", "60").exit_code == 0
    monkeypatch.setenv("QUIZFUNNEL_STORE", str(demo_store(folder)))
    first, second = run("rollup"), run("rollup", "coffee")
    assert first.exit_code == 0, first.output
    assert "coffee, simulated:" in first.output
    assert "real" not in first.output
    assert "coffee, simulated:" in second.output
    assert run("rollup", "coffee", "--all").exit_code == 0
    assert (run("rollup", "tea-time").exit_code, "no quiz `tea-time`" in run("rollup", "tea-time").output) == (2, True)
    engine = open_engine(f"sqlite:///{demo_store(folder)}/var/quizfunnel.sqlite3", pooled=False)
    with single_run(engine, "rollup"):
        refused = run("rollup")
    assert refused.exit_code == 2
    assert "another rollup is under way" in refused.output


@pytest.mark.slow
def test_export_writes_what_it_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how much it wrote; wrong days, another's folder and missing libraries are refused, with the remedy."""
    assert run("demo", "--no-serve", "--visitors", "60").exit_code == 0
    monkeypatch.setenv("QUIZFUNNEL_STORE", str(demo_store(folder)))
    said = run("export", "--to", "out", "--simulated", "--csv")
    assert said.exit_code == 0, said.output
    assert "Simulated visitors: " in said.output
    assert (folder / "out" / "quizfunnel-export.json").exists()
    assert list(folder.glob("out/visits/day=*/visits.csv"))
    rolled = run("rollup", "--from-export", "out")
    assert rolled.exit_code == 0, rolled.output
    assert "coffee, simulated:" in rolled.output
    again = run("rollup")
    assert rolled.output.split(";")[0] == again.output.split(";")[0]
    assert "holds no export" in run("rollup", "--from-export", "nowhere").output
    for wrong, why in (
        (["--to", "out"], "never share a folder"),
        (["--to", "."], "new or empty"),
        (["--to", "two", "--from", "yesterday"], "does not match the format"),
        (["--to", "two", "--from", "2026-03-02", "--until", "2026-03-01"], "is after"),
        ([], "Missing option '--to'"),
    ):
        refused = run("export", *wrong)
        assert (refused.exit_code, why in refused.output) == (2, True), refused.output
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert "quizfunnel[warehouse]" in run("export", "--to", "two").output


def test_report_says_what_is_missing(folder: Path) -> None:
    """Without a database: migrate; without such a quiz: those that there are."""
    run("init", "shop")
    os.chdir("shop")
    assert "run quizfunnel migrate" in run("report", "coffee").output
    assert run("migrate").exit_code == 0
    said = run("report", "tea")
    assert said.exit_code == 2
    assert "there is: coffee" in said.output
    assert "can't tell yet" in run("report", "coffee").output
    assert "verdict" in json.loads(run("report", "coffee", "--json").output)


def test_replay_reads_an_empty_inbox(folder: Path) -> None:
    """Nothing received is nothing to read, and no mistake."""
    run("init", "shop")
    os.chdir("shop")
    run("migrate")
    for option in ((), ("--unreadable",), ("--dead",)):  # the last was its name before
        assert run("orders", "replay", *option).output == "0 applied, 0 changed nothing, 0 cannot be read\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--host", "no-such-host.invalid"], "is no address"),
        (["--host", "203.0.113.7"], "is no address of this machine"),
        (["--host", "0.0.0.0"], "QUIZFUNNEL_PUBLIC_URL is not set to an https address"),  # noqa: S104 - it is refused
        (["--port", "70000"], "range"),
        (["--no-migrate"], "run quizfunnel migrate"),
    ],
)
def test_serve_refuses_what_cannot_work(arguments: list[str], told: str) -> None:
    """Before anything is started the mistake is named with its remedy."""
    port = [] if "--port" in arguments else ["--port", str(free_port())]
    said = run("serve", *arguments, *port)
    assert said.exit_code == 2
    assert told in said.output


def test_a_port_in_use_is_refused_with_another() -> None:
    """The message has the command line's own option for a port that is free."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        said = run("serve", "--port", str(port))
    assert said.exit_code == 2
    assert f"Port {port} is in use" in said.output
    assert "--port " in said.output


def test_the_worlds_are_those_of_the_demo() -> None:
    """The command lists them itself, so that its help needs no import."""
    assert tuple(world.EFFECTS) == serving.WORLDS


def test_the_demo_writes_its_store_once(folder: Path) -> None:
    """A second start keeps the demo's secret, and its quizzes are the shipped ones themselves."""
    first = demo_store(folder)
    secret = (first / "quizfunnel.toml").read_text()
    assert demo_store(folder) == first
    assert (first / "quizfunnel.toml").read_text() == secret
    assert (first / "quizzes").resolve() == shipped_folder() / "quizzes"
    (first / "quizzes").unlink()
    (first / "quizzes").symlink_to(folder / "moved away")
    demo_store(folder)
    assert (first / "quizzes").resolve() == shipped_folder() / "quizzes"


def test_the_demo_says_where_it_cannot_write(folder: Path) -> None:
    """A file in the way is told without a traceback."""
    (folder / "var").write_text("a file")
    said = run("demo", "--no-serve")
    assert said.exit_code == 2
    assert "the demo cannot write its store there" in said.output


@pytest.mark.slow
def test_demo_keeps_out_of_the_real_store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has its own folder, secret and database, whatever the store's settings say."""
    monkeypatch.setenv("QUIZFUNNEL_DATABASE_URL", "sqlite:////nowhere/real.sqlite3")
    before = dict(os.environ)
    said = subprocess.run(
        [sys.executable, "-m", "quizfunnel", "demo", "--no-serve", "--visitors", "40"],
        env=before | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "40 simulated visitors" in said.stdout
    assert (folder / "var" / "demo" / "quizfunnel.toml").stat().st_mode & 0o777 == 0o600
    engine = open_engine(f"sqlite:///{folder / 'var' / 'demo' / 'var' / 'quizfunnel.sqlite3'}", pooled=False)
    assert count(engine) == 40
    engine.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_ends_with_its_workers(number: int, folder: Path) -> None:
    """An empty folder is served, says that there is no quiz yet, and ends cleanly with every worker gone."""
    port = free_port()
    command = [sys.executable, "-m", "quizfunnel", "serve", "--port", str(port)]
    with started(*command, cwd=folder, env={"PYTHONPATH": str(ROOT)}) as (process, said):
        assert any("quizfunnel init" in line for line in said)
        status, page = get(f"http://127.0.0.1:{port}/")
        assert (status, "<h1>" in page) == (200, True)
        workers = children(process.pid)
        assert len(workers) >= 2
        process.send_signal(number)
        process.communicate(timeout=LIMIT)
        assert process.returncode == 0
        assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


PATIENT = """
import sys
from quizfunnel import server
from quizfunnel.settings import Settings
if __name__ == "__main__":
    place = server.prepare(Settings.load(), host="127.0.0.1", port=int(sys.argv[1]), workers=1)
    server.run(place, kill_seconds=600)
"""


@pytest.mark.slow
def test_a_terminals_ctrl_c_ends_it_at_once(folder: Path) -> None:
    """The signal reaches the workers too, a moment before the server ends them: none hangs over the second one.

    One that hung would have ten minutes before it is killed.
    """
    port = free_port()
    with started(sys.executable, "-c", PATIENT, str(port), cwd=folder, env={"PYTHONPATH": str(ROOT)}) as (process, _):
        assert get(f"http://127.0.0.1:{port}/")[0] == 200
        os.killpg(process.pid, signal.SIGINT)
        # Not judged by what the server says: it may take a worker that has just ended for one that refuses to.
        process.communicate(timeout=LIMIT)
    assert process.returncode == 0


@pytest.mark.slow
def test_gunicorn_serves_it_too(folder: Path) -> None:
    """Any WSGI server that calls the factory works, after `quizfunnel migrate`."""
    run("init", "shop")
    os.chdir("shop")
    assert run("migrate").exit_code == 0
    port = free_port()
    server = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "2"]
    address = ["--bind", f"127.0.0.1:{port}", "quizfunnel.app:create_app()"]
    with started(*server, *address, cwd=folder / "shop", env={"PYTHONPATH": str(ROOT)}):
        assert "Find your coffee" in get(f"http://127.0.0.1:{port}/q/coffee")[1]


def frozen(folder: Path, *designs: Design) -> None:
    """Freeze designs in the store's database."""
    assert run("migrate").exit_code == 0
    engine = open_engine(f"sqlite:///{folder / 'var' / 'quizfunnel.sqlite3'}", pooled=False)
    with writing(engine) as connection:
        for design in designs:
            freeze(connection, design, at=NOON, simulated=False)
    engine.dispose()


def test_check_knows_the_experiments_that_began(folder: Path) -> None:
    """A setting changed under way is an error with its line; a quiz of another store is no matter of this one."""
    write_store(folder, experiment={"name": "spring", "holdout_share": 0.5})
    assert run("check").exit_code == 0
    frozen(folder, Design("coffee", "spring", 0.2, 7, 0.5))
    said = run("check")
    assert said.exit_code == 1
    assert "error: the experiment `spring` began on" in said.stdout
    assert "with holdout_share 0.2, which is frozen" in said.stdout


def test_serve_refuses_an_experiment_of_the_store_that_was_changed(folder: Path) -> None:
    """Nothing is served with another share than visitors were drawn with."""
    write_store(folder)
    (folder / "quizfunnel.toml").write_text('[holdout]\nname = "everywhere"\nshare = 0.3\n')
    frozen(folder, Design(STORE, "everywhere", 0.1, 7, 0.5))
    said = run("serve", "--port", str(free_port()))
    assert said.exit_code == 2
    assert "quizfunnel.toml: the experiment `everywhere` began on" in said.output
    assert "with share 0.1, which is frozen; put that back" in said.output


def test_check_says_how_long_the_experiment_takes(folder: Path) -> None:
    """At the traffic that the quiz's pages had, as the planner plans; without traffic it says nothing of it."""
    write_store(folder)
    assert "takes to see" not in run("check").stdout
    assert run("migrate").exit_code == 0
    now = datetime.now(UTC)
    books = Books(1)
    for hours in range(480):  # one an hour over twenty days
        books.visitor(now - timedelta(hours=hours))
    books.visitor(now - timedelta(hours=9), kind="bot")
    books.visitor(now - timedelta(hours=9), simulated=True)
    engine = open_engine(f"sqlite:///{folder / 'var' / 'quizfunnel.sqlite3'}", pooled=False)
    with writing(engine) as connection:
        books.write(connection)
    engine.dispose()
    needed = [sample_size.visitors(0.02, 0.2, effect) for effect in (0.1, 0.2, 0.5)]
    days = [about(math.ceil(visitors / (480 / (479 / 24)))) for visitors in needed]
    said = run("check").stdout
    assert "coffee.yaml: experiment spring: at 24 new visitors a day, of whom 2.00% buy" in said
    assert f"it takes to see +10% {days[0]} days, +20% {days[1]} days, +50% {days[2]} days" in said


def test_check_looks_at_the_settings_of_the_store_too(folder: Path) -> None:
    """Unknown settings, settings changed under way, and those that cannot be meant so, each with a remedy."""
    write_store(folder)
    toml = folder / "quizfunnel.toml"
    toml.write_text('[holdout]\nname = "everywhere"\nshare = 95\n')
    said = run("check")
    assert said.exit_code == 1
    assert "quizfunnel.toml:1:1: error: holdout: share: " in said.stdout
    toml.write_text('[holdout]\nname = "everywhere"\nshare = 0.3\n\n[comparisons.b]\nquizzes = ["coffee", "tea"]\n')
    frozen(folder, Design(STORE, "everywhere", 0.1, 7, 0.5))
    said = run("check")
    assert said.exit_code == 1
    assert "error: the experiment `everywhere` began on" in said.stdout
    assert "warning: comparisons: b: there is no quiz `tea`, so nobody is drawn" in said.stdout
    assert "warning: holdout: `coffee` has an experiment of its own, `spring`, which rests meanwhile" in said.stdout
