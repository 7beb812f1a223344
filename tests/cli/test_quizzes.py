"""Laws of `quizfunnel init` and `check`: a store that checks, and every finding with its place."""

import json
import math
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quizfunnel.experiment.design import STORE, Design
from quizfunnel.insight.words.numbers import about
from quizfunnel.settings import InvitationSettings
from quizfunnel.shipped import shipped_folder
from quizfunnel.stats import sample_size
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import writing
from tests.cast import write_store
from tests.cli.freezing import frozen
from tests.commands import run
from tests.insight.shop import Books

pytestmark = pytest.mark.usefixtures("folder")


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
    assert settings.invitations == {"/coffee/*": InvitationSettings(quiz="coffee")}
    assert settings.shop.origins == ("https://shop.example",)
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


def test_a_quiz_and_its_languages_are_checked_once(folder: Path) -> None:
    """As a shell's `*.yaml` names them, each file by itself."""
    run("init", "shop")
    quizzes = folder / "shop" / "quizzes"
    (quizzes / "coffee.de.yaml").write_text("")
    (quizzes / "coffee.fr.yaml").write_text("")
    said = run("check", *(f"shop/quizzes/{path.name}" for path in sorted(quizzes.glob("*.yaml"))))
    assert said.stderr == "1 checked, 2 errors, 0 warnings\n"
    assert said.stdout.count("shop/quizzes/coffee.yaml: ") == 1


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


def test_check_says_what_shoppers_get(folder: Path) -> None:
    """Shares of simulated shoppers, the products seen first, and what each answer puts first; the same each time."""
    run("init", "shop")
    said = run("check", "shop/quizzes/coffee.yaml").stdout
    assert (
        "coffee.yaml: of 1,000 simulated shoppers 100% get the 3 products promised, 0% get fewer, 0% get none" in said
    )
    assert "    I have a grinder: leaves 16 of 30 products\n" in said
    assert run("check", "shop/quizzes/coffee.yaml").stdout == said
    (quiz,) = json.loads(run("check", "--json", "shop/quizzes/coffee.yaml").stdout)["quizzes"]
    assert quiz["shoppers"] == {"simulated": 1000, "all": 1000, "fewer": 0, "none": 0}
    assert sum(quiz["first"].values()) == 1000
    assert sum(quiz["shown"].values()) == 3000
    assert {"question": "grinder", "answer": "I have a grinder", "first": [], "alike": 0, "left": 16} in quiz["answers"]


def test_the_shipped_quizzes_leave_nothing_to_mend(folder: Path) -> None:
    """They are what others begin with."""
    said = run("check", str(shipped_folder() / "quizzes"))
    assert said.exit_code == 0
    assert "warning:" not in said.stdout


def test_check_needs_something_to_check(folder: Path) -> None:
    """A path that is not there and a folder without a quiz are mistakes of the call: exit 2, with the remedy."""
    said = run("check", "nowhere.yaml")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "nowhere.yaml: cannot be read: No such file" in said.output
    (folder / "quizzes").mkdir()
    said = run("check")
    assert said.exit_code == 2
    assert "quizfunnel init" in said.output


def test_check_knows_the_experiments_that_began(folder: Path) -> None:
    """A setting changed under way is an error with its line; a quiz of another store is no matter of this one."""
    write_store(folder, experiment={"name": "spring", "holdout_share": 0.5})
    assert run("check").exit_code == 0
    frozen(folder, Design("coffee", "spring", 0.2, 7, 0.5))
    said = run("check")
    assert said.exit_code == 1
    assert "error: the experiment `spring` began on" in said.stdout
    assert "with holdout_share 0.2, which is frozen" in said.stdout


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


def test_check_says_where_the_way_out_leads_without_a_shop(folder: Path) -> None:
    """To our own list of quizzes, once for all quizzes; with the shop's address there is nothing to say."""
    run("init", "shop")
    os.chdir("shop")
    shutil.copy("quizzes/coffee.yaml", "quizzes/tea.yaml")
    toml = Path("quizfunnel.toml")
    warnings = [line for line in run("check").stdout.splitlines() if "shop_url" in line]
    assert warnings == [
        (
            "quizfunnel.toml:1:1: warning: shop_url: is not set, so that “See all coffees without the quiz” leads to"
            ' our own list of quizzes and not to your products; write shop_url = "https://..." with the address of '
            "your shop. Until then 31 products lead to pages that are not here, like /shop/coffee/copper-kettle-beans"
        )
    ]
    toml.write_text('shop_url = "https://shop.example"\n' + toml.read_text())
    assert "shop_url" not in run("check").stdout


def test_check_looks_at_the_settings_of_the_store_too(folder: Path) -> None:
    """Unknown settings, settings changed under way, and those that cannot be meant so, each with a remedy."""
    write_store(folder)
    toml = folder / "quizfunnel.toml"
    toml.write_text('[holdout]\nname = "everywhere"\nshare = 95\n')
    said = run("check")
    assert said.exit_code == 1
    assert "quizfunnel.toml:3:1: error: holdout: share: " in said.stdout
    toml.write_text('[holdout]\nname = "everywhere"\nshare = 0.3\n\n[comparisons.b]\nquizzes = ["coffee", "tea"]\n')
    frozen(folder, Design(STORE, "everywhere", 0.1, 7, 0.5))
    said = run("check")
    assert said.exit_code == 1
    assert "error: the experiment `everywhere` began on" in said.stdout
    assert "comparisons: b: there is no quiz `tea`, so nobody is drawn; there is: `coffee`, or take" in said.stdout
    assert "warning: holdout: `coffee` has an experiment of its own, `spring`, which rests meanwhile" in said.stdout


def test_check_says_which_addresses_ads_and_mails_lead_to(folder: Path) -> None:
    """The door of each comparison that has one, at the address that shoppers use; to programs as well."""
    write_store(folder)
    shorter = '[comparisons.shorter]\nquizzes = ["coffee", "coffee-short"]\n'
    (folder / "quizfunnel.toml").write_text(f'public_url = "https://quiz.example"\n{shorter}')
    said = run("check").stdout
    assert "comparisons: shorter: ads and mails lead to https://quiz.example/c/shorter, which shows" in said
    assert json.loads(run("check", "--json").stdout)["doors"] == {"shorter": "https://quiz.example/c/shorter"}
    (folder / "quizfunnel.toml").write_text(f"{shorter}door = false\n")
    assert "ads and mails" not in run("check").stdout


def test_check_says_which_products_cannot_be_put_into_the_basket(folder: Path) -> None:
    """At the quiz's `button`, by this store's platform: first that there is none, then which products lack its id."""
    run("init", "shop")
    os.chdir("shop")
    file = Path("quizzes/coffee.yaml")
    file.write_text(file.read_text("utf-8").replace("offer:\n", "offer:\n  button: basket\n"), "utf-8")
    line = next(
        number for number, text in enumerate(file.read_text("utf-8").splitlines(), 1) if "button: basket" in text
    )
    told = run("check").output
    assert f"quizzes/coffee.yaml:{line}:11: warning: the store's settings say neither `platform` nor `add_url`" in told
    with Path("quizfunnel.toml").open("a", encoding="utf-8") as toml:
        toml.write('[shop]\nplatform = "shopify"\n')
    assert re.search(rf"coffee.yaml:{line}:11: warning: \d+ of \d+ products .* no `variant_id`", run("check").output)
