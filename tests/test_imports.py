"""Laws of the memory of a shopper's worker: no learning and no data library is loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import free_port, get, started

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
HEAVY = ("sklearn", "scipy", "numpy", "pandas", "duckdb", "pyarrow", "skops", "alembic")
WALK = f"""
import sys
from quizfunnel.app import worker
app = worker()
client = app.test_client()
from tests.staff import sign_in
sign_in(client)
for path in ("/", "/q/coffee", "/healthz", "/insight", "/insight/coffee"):
    assert client.get(path).status_code == 200, path
start = client.post("/q/coffee/start", headers={{"Sec-Fetch-Site": "same-origin"}})
assert start.status_code == 303, start.status_code
assert client.get(start.location, follow_redirects=True).status_code == 200
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_a_worker_stays_light(tmp_path: Path) -> None:
    """After the shopper's and the analyst's pages no learning or data library has been imported."""
    env = {"PYTHONPATH": str(ROOT), "PATH": "", "QUIZFUNNEL_STORE": str(tmp_path / "shop")}
    for command in (["init", str(tmp_path / "shop")], ["migrate"]):
        subprocess.run([sys.executable, "-m", "quizfunnel", *command], env=env, check=True, capture_output=True)
    walked = subprocess.run(
        [sys.executable, "-W", "error", "-c", WALK], env=env, capture_output=True, text=True, check=False
    )
    assert walked.stdout == "[]\n", walked.stderr


def test_the_command_starts_quickly() -> None:
    """`--help` imports neither the database nor the web."""
    slow = ("sqlalchemy", "flask", "pydantic")
    code = f"import sys, quizfunnel.cli; print([name for name in {slow!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_a_served_worker_answers(tmp_path: Path) -> None:
    """The server's own entry serves the store that the environment names."""
    env = {"PYTHONPATH": str(ROOT), "QUIZFUNNEL_STORE": str(tmp_path / "shop"), "QUIZFUNNEL_DATABASE_URL": ""}
    run = [sys.executable, "-m", "quizfunnel"]
    subprocess.run([*run, "init", str(tmp_path / "shop")], env=env, check=True, capture_output=True)
    port = free_port()
    with started(*run, "serve", "--port", str(port), "--workers", "1", cwd=tmp_path, env=env) as (_, said):
        assert f"http://127.0.0.1:{port}/q/coffee" in "".join(said)
        assert "Find your coffee" in get(f"http://127.0.0.1:{port}/q/coffee")[1]
