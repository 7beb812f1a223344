"""Quiz file commands: `quizfunnel init` and `check`."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quizfunnel.cli.group import Refused, in_json, main

if TYPE_CHECKING:
    from quizfunnel.quiz.check.run import CheckResult


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write a new store with a quiz to start from."""
    from quizfunnel.starter import write_store

    for path in write_store(folder):
        click.echo(path)
    there = "" if folder.resolve() == Path.cwd() else f"cd {folder} && "
    click.echo(f"Now: {there}quizfunnel serve")


@main.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Prove quiz files before a shopper meets them: exit 1 on an error, 0 with warnings only."""
    from quizfunnel.cli.store import checks as store_checks
    from quizfunnel.offer.choose import shown_by_rules
    from quizfunnel.quiz.check.run import check_file
    from quizfunnel.recommend.serving.policy import PlackettLucePolicy

    files = _quiz_files(paths)
    chooser = partial(shown_by_rules, policy=PlackettLucePolicy())
    results = [check_file(path, make_chooser=chooser, minutes_taken=store_checks.minutes_taken) for path in files]
    store_checks.add_findings(results)
    findings = list(dict.fromkeys(finding for result in results for finding in result.findings))
    findings += store_checks.of_settings(results)
    errors = sum(finding.severity == "error" for finding in findings)
    doors = store_checks.doors()
    if as_json:
        click.echo(_as_json(results, [finding._asdict() for finding in findings], doors))
    else:
        for finding in findings:
            click.echo(finding.text())
        outlooks = store_checks.outlooks(results)
        for result in results:
            click.echo(result.summary, nl=bool(result.summary))
            if result.file in outlooks:
                click.echo(f"{result.file}: {outlooks[result.file]}")
            for line in result.outcome.lines() if result.outcome else ():
                click.echo(line if line.startswith(" ") else f"{result.file}: {line}")
        for name, address in doors.items():
            click.echo(f"comparisons: {name}: ads and mails lead to {address}, which shows each visitor the drawn quiz")
        counted = f"{_many(errors, 'error')}, {_many(len(findings) - errors, 'warning')}"
        click.echo(f"{len(results)} checked, {counted}", err=True)
    sys.exit(1 if errors else 0)


def _quiz_files(paths: tuple[Path, ...]) -> list[Path]:
    from quizfunnel.quiz.file.language import language_of, quiz_of
    from quizfunnel.settings import store_folder

    def is_quiz(path: Path) -> bool:
        """Tell whether a file is no language file, which is checked with its quiz, or one without a quiz."""
        return not language_of(path) or not path.with_name(f"{quiz_of(path)}.yaml").exists()

    folder = Path(os.path.relpath(store_folder() / "quizzes"))
    files: list[Path] = []
    for path in paths or (folder,):
        try:
            if path.is_dir():
                files += sorted(each for each in path.iterdir() if each.suffix in (".yaml", ".yml") and is_quiz(each))
            else:
                path.open("rb").close()
                files.append(path if is_quiz(path) else path.with_name(f"{quiz_of(path)}.yaml"))
        except OSError as error:
            raise Refused(f"{path}: cannot be read: {error.strerror}") from None
    if not files:
        raise Refused(
            f"no quiz file in {', '.join(map(str, paths)) or folder}; quizfunnel init DIR writes one to start from"
        )
    return list(dict.fromkeys(files))  # a shell's *.yaml names a quiz once more for each of its languages


def _as_json(results: "list[CheckResult]", findings: list[dict[str, Any]], doors: dict[str, str]) -> str:
    quizzes: list[dict[str, Any]] = []
    for result in results:
        walked = result.exploration
        lengths = {"shortest": len(walked.shortest), "longest": len(walked.longest)} if walked else {}
        got = result.outcome.as_json() if result.outcome else {}
        quizzes.append({"file": result.file, **lengths, **got})
    return in_json({"findings": findings, "quizzes": quizzes, "doors": doors})


def _many(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
