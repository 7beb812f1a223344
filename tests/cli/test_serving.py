"""Laws of `quizfunnel serve`, `migrate` and `demo`: refused before anything starts, ended with every worker."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path

import pytest

from quizfunnel.cli import serving
from quizfunnel.demo import world
from quizfunnel.demo.simulate import count
from quizfunnel.experiment.design import STORE, Design
from quizfunnel.shipped import shipped_folder
from quizfunnel.starter import demo_store
from quizfunnel.store.engine import open_engine
from tests.cast import write_store
from tests.cli.freezing import frozen
from tests.commands import ROOT, run
from tests.servers import LIMIT, children, free_port, get, started, wait_for

pytestmark = pytest.mark.usefixtures("folder")


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


@pytest.mark.parametrize("place", ["/proc/x", "a file"])
def test_serve_refuses_a_list_of_erasures_that_cannot_be_written(
    place: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The setting, its value and the remedy: else every shopper who wants to be forgotten is told to wait."""
    (folder / "a file").write_text("")
    monkeypatch.setenv("QUIZFUNNEL_ERASURES", place)
    said = run("serve", "--port", str(free_port()))
    assert said.exit_code == 2
    assert f"QUIZFUNNEL_ERASURES: {folder / place} cannot be written (" in said.output
    assert "name another folder in QUIZFUNNEL_ERASURES" in said.output


def test_serve_is_never_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that was left behind does not open a real store's results to whoever comes by this machine."""
    monkeypatch.setenv("QUIZFUNNEL_DEMO", "1")
    refused = run("serve", "--port", str(free_port()))
    assert (refused.exit_code, "Take it out of the environment" in refused.output) == (2, True)


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


def test_serve_refuses_an_experiment_of_the_store_that_was_changed(folder: Path) -> None:
    """Nothing is served with another share than visitors were drawn with."""
    write_store(folder)
    (folder / "quizfunnel.toml").write_text('[holdout]\nname = "everywhere"\nshare = 0.3\n')
    frozen(folder, Design(STORE, "everywhere", 0.1, 7, 0.5))
    said = run("serve", "--port", str(free_port()))
    assert said.exit_code == 2
    assert "quizfunnel.toml: the experiment `everywhere` began on" in said.output
    assert "with share 0.1, which is frozen; put that back" in said.output


def test_health_is_said_on_the_machine_itself(folder: Path) -> None:
    """Every part with what to do, also while the database is gone and nobody can sign in; 1 where one is down."""
    run("init", "shop")
    os.chdir("shop")
    run("migrate")
    well = run("health")
    assert (well.exit_code, "ok       database" in well.output) == (0, True), well.output
    (folder / "shop" / "var" / "quizfunnel.sqlite3").unlink()
    ill = run("health")
    assert ill.exit_code == 1
    assert "down     database: the database file" in ill.output
    assert "is not there; put it back, or bring a backup there by quizfunnel restore" in ill.output


def test_a_database_that_others_could_read_is_closed_to_them(folder: Path) -> None:
    """`migrate` says which file, and what it was; a second run has nothing to say."""
    run("init", "shop")
    os.chdir("shop")
    run("migrate")
    file = folder / "shop" / "var" / "quizfunnel.sqlite3"
    file.chmod(0o644)
    assert f"{file} could be read by others (mode 644)" in run("migrate").output
    assert file.stat().st_mode & 0o777 == 0o600
    assert "could be read" not in run("migrate").output


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


def test_the_demo_needs_a_port_for_its_shop_too() -> None:
    """One in use is refused with the shop's own option and a port that is free; so is one that cannot be."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        taken = run("demo", "--port", str(free_port()), "--shop-port", str(port))
    assert taken.exit_code == 2
    assert f"Port {port} is in use" in taken.output
    assert "--shop-port " in taken.output
    for arguments in (["--port", "65535"], ["--port", "8000", "--shop-port", "8000"]):
        refused = run("demo", *arguments)
        assert (refused.exit_code, "--shop-port 8001" in refused.output) == (2, True)


@pytest.mark.slow
def test_the_demos_servers_end_together(folder: Path) -> None:
    """The quizzes on one port and the shop on the next, which sends there what is ordered; killed, neither stays."""
    port = free_port()
    quiz, shop = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    command = [sys.executable, "-m", "quizfunnel", "demo", "--port", str(port), "--visitors", "0"]
    with started(*command, cwd=folder, env={"PYTHONPATH": str(ROOT)}) as (process, _):
        assert f'href="{shop}/shop"' in get(quiz)[1]
        assert f'href="{quiz}/"' in get(f"{shop}/shop")[1]
        servers = children(process.pid)
        assert "the quiz server has it" in order(shop)
        process.kill()
        for server in servers:
            wait_for(partial(gone, server), f"{server} outlives the one that started it")


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


def gone(pid: int) -> bool | None:
    """Return True once a process is there no more."""
    return None if Path(f"/proc/{pid}").exists() else True


def order(shop: str) -> str:
    """Order a coffee in the demo's shop; return the page that thanks for it."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    browser.open(f"{shop}/shop/basket", b"product=night-ferry-beans").read()
    page = browser.open(f"{shop}/shop/checkout").read().decode()
    number = page.partition('name="order" value="')[2].partition('"')[0]
    thanks: bytes = browser.open(f"{shop}/shop/checkout", f"order={number}".encode()).read()
    return thanks.decode()


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
