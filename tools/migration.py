"""Write a migration from what the migrations give to what the tables say: `python tools/migration.py NAME`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from quizfunnel.migrations import runner
from quizfunnel.schema import metadata
from quizfunnel.store.engine import open_engine


def main(name: str) -> None:
    """Migrate a scratch database to the newest step, compare it with the tables, write the next step."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'scratch.sqlite3'}", pooled=False)
        if runner.head():
            runner.upgrade(engine)
        written = runner.generate(engine, metadata, name=name)
    if written:
        lines = written.read_text("utf-8").splitlines(keepends=True)
        written.write_text("".join(line for line in lines if not line.strip().startswith("# ###")), "utf-8")
        for tool in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
            subprocess.run([sys.executable, "-m", "ruff", *tool, str(written)], check=False)  # noqa: S603 - our own tool
        sys.stdout.write(f"{written}\nread it, and add what the comparison does not see: CHECKs, moved data\n")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or sys.exit('say what it does: make migration NAME="orders know their shipping"'))
