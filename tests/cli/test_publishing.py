"""Laws of `quizfunnel publish`, `publications` and `restore-quiz`: plain words, and exit codes for scripts."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quizfunnel.experiment.shelf import role_of, shelf_of
from quizfunnel.kit.clock import SetClock
from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import writing
from tests.cast import NOON
from tests.commands import run
from tests.insight.shop import Books
from tests.quiz.files import CATALOG, QUIZ, changed, lay


@pytest.fixture
def quizzes(folder: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Path:
    """Give the folder of a store's quizzes, in which the coffee quiz lies; what is good is not published by itself."""
    monkeypatch.setenv("QUIZFUNNEL_DATABASE_URL", database_url)
    monkeypatch.setenv("QUIZFUNNEL_SECRET_KEY", "a key for tests. 32 bytes long..")
    monkeypatch.setenv("QUIZFUNNEL_AUTO_PUBLISH", "false")
    run("migrate")
    lay(folder / "quizzes")
    return folder / "quizzes"


@pytest.fixture
def server(quizzes: Path, database_url: str) -> Iterator[Shelf]:
    """Give what a server of this store serves, looked at anew whenever a test asks `served`."""
    settings, engine = StoreSettings.load(), open_engine(database_url)
    yield shelf_of(settings, engine, SetClock(datetime.now(UTC)), role=role_of(settings))
    engine.dispose()


def served(shelf: Shelf) -> str:
    """Return the title that is served a second later, "" where nothing is."""
    clock = shelf._look._clock
    assert isinstance(clock, SetClock)
    clock.advance(1.1)
    live = shelf.live("coffee")
    return live.quiz.title if live else ""


def refused(*arguments: str, code: int) -> str:
    """Return what a command that refuses says, without a traceback."""
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def test_it_works(quizzes: Path, server: Shelf) -> None:
    """Published, changed, restored; each said in a line, and served within a second."""
    assert served(server) == ""
    first = run("publish")
    assert first.exit_code == 0, first.output
    assert first.output.startswith("`coffee` is published: version ")
    assert first.output.endswith(" with 6 products\n")
    assert served(server) == "Find your coffee"
    assert run("publish", "coffee").output == "`coffee` is live as it lies here: nothing to publish\n"
    lay(quizzes, changed(("Find your coffee", "Second")), catalog=CATALOG.replace("9.00", "8.00"))
    assert served(server) == "Find your coffee"
    assert "of the quiz, 6 products (1 changed)" in run("publish", "coffee", "--message", "for spring").output
    assert served(server) == "Second"
    restored = run("restore-quiz", "coffee")
    assert restored.exit_code == 0, restored.output
    assert "It has the products of now" in restored.output
    assert served(server) == "Find your coffee"
    live = server.live("coffee")
    assert live is not None
    assert live.catalog.products[0].price == 800
    listed = run("publications")
    assert [line.split()[1] for line in listed.output.splitlines()[1:4]] == ["live", "ended", "ended"]
    assert "for spring" in listed.output
    assert "quizzes/coffee.yaml:1:1: warning: is good and not published" in listed.output


def test_a_restore_takes_what_is_named(quizzes: Path, server: Shelf) -> None:
    """By the beginning of an id, with its own products where that is asked for or needed; nothing of it is guessed."""
    run("publish")
    lay(quizzes, changed(("Find your coffee", "Second")), catalog=CATALOG.replace("9.00", "8.00"))
    run("publish")
    newest, first = json.loads(run("publications", "coffee", "--json").output)
    assert (newest["state"], first["state"]) == ("live", "ended")
    assert "live as it was then" in run("restore-quiz", "coffee", newest["id"]).output
    whole = run("restore-quiz", "coffee", first["id"][:8], "--whole")
    assert "its own products, prices and stock of then" in whole.output
    assert served(server) == "Find your coffee"
    live = server.live("coffee")
    assert live is not None
    assert live.catalog.products[0].price == 900
    assert "there is no publication `zz` of coffee" in refused("restore-quiz", "coffee", "zz", code=2)
    assert "nothing else was live before" in refused("restore-quiz", "tea", code=2)


def test_a_restore_that_does_not_go_with_the_products_of_now_has_its_own(quizzes: Path, server: Shelf) -> None:
    """A tag was renamed in both files since."""
    run("publish")
    lay(quizzes, QUIZ.replace("tag:decaf", "tag:koffeinfrei"), catalog=CATALOG.replace('"decaf,', '"koffeinfrei,'))
    assert run("publish").exit_code == 0
    assert "its own products" in run("restore-quiz", "coffee").output
    assert served(server) == "Find your coffee"


def test_a_restore_stays_while_the_files_stay(quizzes: Path, server: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files are published by themselves, the disk's own is no news, and a delivery of stock no new quiz."""
    monkeypatch.setenv("QUIZFUNNEL_AUTO_PUBLISH", "true")
    settings = StoreSettings.load()
    auto = shelf_of(settings, server._published.engine, server._look._clock, role=role_of(settings))  # type: ignore[arg-type]
    assert served(auto) == "Find your coffee"
    lay(quizzes, changed(("Find your coffee", "Second")))
    assert run("restore-quiz", "coffee").exit_code == 2  # nothing else yet, but what lies here
    assert served(auto) == "Second"
    assert run("restore-quiz", "coffee").exit_code == 0
    for _ in range(3):
        assert served(auto) == served(server) == "Find your coffee"
    lay(quizzes, changed(("Find your coffee", "Second")), catalog=CATALOG.replace("9.00", "8.00"))
    assert served(auto) == "Find your coffee"
    lay(quizzes, changed(("Find your coffee", "Third")))
    assert served(auto) == "Third"


def test_a_restore_of_what_this_release_cannot_read_is_refused(quizzes: Path, server: Shelf) -> None:
    """As of a newer one; an id that begins several is refused too."""
    run("publish")
    lay(quizzes, changed(("Find your coffee", "Second")))
    run("publish")
    engine = server._published.engine
    assert engine is not None
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE quiz_version SET body = 'title: Old'")
        connection.exec_driver_sql("UPDATE publication SET id = 'aa' || substr(id, 3)")
    assert "begins the ids of 2 publications of coffee" in refused("restore-quiz", "coffee", "aa", code=2)
    assert "cannot be read by this release" in refused("restore-quiz", "coffee", code=2)


def test_what_waits_is_listed_where_files_are_published_by_themselves(
    quizzes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken files, and catalogues that lose too much; what is good does not wait."""
    monkeypatch.setenv("QUIZFUNNEL_AUTO_PUBLISH", "true")
    run("publish")
    lay(quizzes, changed(("Find your coffee", "Second")))
    assert ": error: " not in run("publications").output
    rows = CATALOG.splitlines(keepends=True)
    lay(quizzes, QUIZ.replace("tag:decaf", "tag:ground"), catalog="".join(rows[:5]))
    lay(quizzes, "title: [", slug="tea", catalog="".join(rows[:5]))
    listed = run("publications").output
    assert "quizzes/tea.yaml:1:" in listed
    assert "2 of 6 live products are not in the catalogue any more" in listed


def test_what_is_refused_is_said_as_by_check(quizzes: Path) -> None:
    """With the findings, exit 1, and whatever else is good published."""
    lay(quizzes, changed(("minutes: 1", "minuts: 1")))
    lay(quizzes, slug="tea")
    said = refused("publish", code=1)
    assert "quizzes/coffee.yaml:3:1: error: unknown key `minuts`" in said
    assert "Error: coffee: is refused; mend what is said above" in said
    assert "`tea` is published" in said
    assert "there is no file quizzes/beans.yaml; there is: coffee, tea" in refused("publish", "beans", code=1)


def test_warnings_keep_nothing_from_being_published(quizzes: Path, server: Shelf) -> None:
    """They are said below the line that says what is published."""
    lay(quizzes, changed(("minutes: 1", "minutes: 10")))
    said = run("publish")
    assert said.exit_code == 0
    first, second = said.output.splitlines()
    assert first.startswith("`coffee` is published")
    assert second.startswith("quizzes/coffee.yaml:3:10: warning: ")
    assert served(server)


def test_what_is_gone_is_said_before_what_misses_it(quizzes: Path) -> None:
    """By check and by publish: a catalogue that was cut short lacks rows, and with them the tags of rules."""
    lay(quizzes)
    run("publish")
    lay(quizzes, catalog="".join(CATALOG.splitlines(keepends=True)[:4]))
    for said in (run("check").output, refused("publish", "coffee", code=1)):
        first, second = said.splitlines()[:2]
        assert first.startswith(
            "quizzes/coffee.yaml:1:1: error: 3 of 6 live products are not in the catalogue any more"
        )
        assert "no product of the catalogue has tag `decaf`" in second


def test_a_catalogue_that_loses_too_much_is_accepted_by_a_word(quizzes: Path, server: Shelf) -> None:
    """Until then nothing changes, and it is listed as what waits."""
    more = CATALOG + "".join(CATALOG.splitlines(keepends=True)[1:]).replace("-bean,", "-b,").replace("-ground,", "-g,")
    lay(quizzes, catalog=more)
    run("publish")
    lay(quizzes)
    said = refused("publish", "coffee", code=1)
    assert "coffee: 6 of 12 live products are not in the catalogue any more" in said
    assert "--accept" in said
    live = server.live("coffee")
    assert live is not None
    assert len(live.catalog.products) == 12
    checked = run("check")
    assert checked.exit_code == 0
    assert "quizzes/coffee.yaml:1:1: warning: 6 of 12 live products are not in the catalogue any more" in checked.output
    assert run("publish", "coffee", "--accept").exit_code == 0
    assert "live products" not in run("check").output
    assert served(server)
    live = server.live("coffee")
    assert live is not None
    assert len(live.catalog.products) == 6


@pytest.mark.parametrize("broken", ["quiz", "catalogue"])
def test_what_is_refused_hides_what_it_says_is_sold_out(quizzes: Path, server: Shelf, broken: str) -> None:
    """And nothing else of it is published; it is said, and the products come back with a good catalogue."""
    run("publish")
    sold_out = CATALOG.replace('"decaf,ground",,3', '"decaf,ground",0,3').replace("9.00", "8.00")
    text = QUIZ.replace("minutes: 1", "minuts: 1" if broken == "quiz" else "minutes: 1")
    lay(quizzes, text, catalog=sold_out if broken == "quiz" else sold_out.replace("whole-bean", "hole-bean"))
    hides = "No longer shown, since sold out or withdrawn: `decaf-ground`"
    assert [hides in refused("publish", "coffee", code=1) for _ in range(2)] == [True, False]
    assert served(server)
    live = server.live("coffee")
    assert live is not None
    assert [product.id for product in live.catalog.products if not product.available] == ["decaf-ground"]
    assert live.catalog.by_id["dark-bean"].price == 900
    lay(quizzes)
    assert run("publish", "coffee").exit_code == 0
    assert served(server)
    live = server.live("coffee")
    assert live is not None
    assert all(product.available for product in live.catalog.products)


def test_deliveries_of_stock_are_one_line_of_the_list(quizzes: Path) -> None:
    """Of each version of the quiz, with how many; `--all` lists each."""
    for price in ("9.00", "8.00", "7.00"):
        lay(quizzes, catalog=CATALOG.replace("9.00", price))
        run("publish")
    lines = run("publications", "coffee").output.splitlines()
    assert [line.split()[1] for line in lines[1:]] == ["live", "ended", "an"]
    assert "and an earlier catalogue with it" in lines[-1]
    assert len(run("publications", "--all").output.splitlines()) == 4


def test_a_withdrawn_quiz_stays_so_though_its_file_is_here(quizzes: Path, server: Shelf) -> None:
    """Until somebody publishes it again."""
    run("publish")
    assert served(server)
    assert "is withdrawn: who began can finish" in run("publish", "coffee", "--withdraw").output
    assert served(server) == ""
    assert server.withdrawn("coffee")
    assert "is not live, nor scheduled" in refused("publish", "coffee", "--withdraw", code=1)
    assert "name the quiz" in refused("publish", "--withdraw", code=2)
    assert run("publish", "coffee").exit_code == 0
    assert served(server) == "Find your coffee"


def test_a_moment_is_kept(quizzes: Path, server: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this machine's time; one that has passed, is none, or cannot be kept is refused."""
    run("publish")
    lay(quizzes, changed(("Find your coffee", "Second")))
    then = (datetime.now(UTC) + timedelta(hours=2)).astimezone().replace(microsecond=0)
    said = run("publish", "coffee", "--at", then.replace(tzinfo=None).isoformat())
    assert said.exit_code == 0, said.output
    assert f"is scheduled for {then.astimezone(UTC):%Y-%m-%d %H:%M} UTC" in said.output
    assert served(server) == "Find your coffee"
    assert "scheduled" in run("publications").output
    clock = server._look._clock
    assert isinstance(clock, SetClock)
    clock.advance(7200)
    assert served(server) == "Second"
    assert "has passed already" in refused("publish", "--at", "2001-01-01T00:00", code=2)
    assert "is no moment" in refused("publish", "--at", "tomorrow", code=2)
    monkeypatch.setenv("QUIZFUNNEL_AUTO_PUBLISH", "true")
    assert "auto_publish is on" in refused("publish", "--at", then.isoformat(), code=2)


def test_a_restore_passes_over_what_was_cancelled_before_its_moment(quizzes: Path, server: Shelf) -> None:
    """Nobody was ever served it: without an id it is no version before this one, and no notice calls it live."""
    run("publish")
    lay(quizzes, changed(("Find your coffee", "Second")))
    then = datetime.now(UTC) + timedelta(hours=2)
    assert run("publish", "coffee", "--at", then.isoformat()).exit_code == 0
    assert run("publish", "coffee", "--withdraw").exit_code == 0
    assert served(server) == ""
    assert run("restore-quiz", "coffee").exit_code == 0
    assert served(server) == "Find your coffee"
    (cancelled,) = [notice for notice in server.notices() if "cancelled" in notice]
    assert cancelled.endswith(f"scheduled for {then:%Y-%m-%d %H:%M} UTC, cancelled before then")


def test_a_store_without_anything_says_what_to_do(quizzes: Path) -> None:
    """No publication, no quiz file."""
    assert "nothing was published yet" in refused("publications", code=2)
    (quizzes / "coffee.yaml").unlink()
    assert "quizfunnel init" in refused("publish", code=2)


def test_check_knows_the_ids_that_answers_are_stored_under(quizzes: Path, database_url: str) -> None:
    """Until the change is published: then it is done."""
    assert run("publish").exit_code == 0
    engine = open_engine(database_url, pooled=False)
    with writing(engine) as connection:
        books = Books()
        books.attempt(None, NOON, [{"question": "moment", "at": NOON, "value": '"evening"'}])
        books.write(connection)
    engine.dispose()
    assert "is gone" not in run("check").stdout
    lay(quizzes, changed(("id: moment", "id: time-of-day")))
    assert "the question `moment`, which 1 shopper has answered, is gone" in run("check").stdout
    assert run("publish").exit_code == 0
    assert "is gone" not in run("check").stdout
