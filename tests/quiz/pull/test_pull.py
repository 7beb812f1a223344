"""Laws of pulling: a catalogue is replaced whole and checked, or the one that is here stays as it is."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from quizfunnel.catalog.product import Catalog
from quizfunnel.outbound import OutboundClient
from quizfunnel.quiz.check import run
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.pull.pull import Pulled, PullStore, PullTerms, pull
from quizfunnel.settings import CatalogSource
from tests.outbound.servers import Listening, answer, saying, speaking
from tests.quiz.files import CATALOG, changed, lay

NAME = "catalogs/coffee.csv"
DEARER = CATALOG.replace("Dark beans,9.00", "Dark beans,9.75")
RENAMED = CATALOG.replace("decaf,", "no-caffeine,")


@pytest.fixture
def store(tmp_path: Path) -> PullStore:
    """Give a store with one quiz, that nobody has published yet."""
    lay(tmp_path / "quizzes")
    return PullStore(tmp_path / "quizzes", tmp_path / "var", tmp_path, OutboundClient(), lambda _: None)


def here(store: PullStore) -> str:
    """Return the catalogue that is in its place."""
    return (store.quizzes / NAME).read_text("utf-8")


def from_file(store: PullStore, text: str, **terms: bool) -> Pulled:
    """Pull from a file with this text."""
    (store.base / "export.csv").write_text(text, encoding="utf-8")
    return pull(store, NAME, CatalogSource(place="export.csv"), PullTerms(**terms))


def test_a_good_catalogue_takes_the_place_of_the_old_one(store: PullStore) -> None:
    """With what changed, and the quizzes that have it; then it is as it was, and nothing is left beside it."""
    done = from_file(store, DEARER)
    assert (done.outcome, done.quizzes, done.is_fault) == ("pulled", ("coffee",), False)
    assert "6 products: 1 with another price (dark-bean 9.00 to 9.75 GBP)" in done.text()
    assert "Quizzes with it: coffee" in done.text()
    assert here(store) == DEARER
    assert from_file(store, DEARER).outcome == "unchanged"
    assert [path.name for path in (store.quizzes / "catalogs").iterdir()] == ["coffee.csv"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(CATALOG.replace("GBP", "POUND"), "quizzes/catalogs/coffee.csv:", id="no good row"),
        pytest.param(
            "<html><title>Sign in</title></html>", "quizzes/catalogs/coffee.csv:1:1: error: ", id="a web page"
        ),
        pytest.param("", "quizzes/catalogs/coffee.csv:1:1: error: ", id="nothing"),
        pytest.param(CATALOG.replace(",strength\n", ",force\n"), "quizzes/coffee.yaml:", id="a renamed column"),
    ],
)
def test_a_catalogue_that_breaks_its_quiz_is_refused(store: PullStore, text: str, words: str) -> None:
    """The old one stays, and the new one lies where its lines can be looked up."""
    done = from_file(store, text)
    assert (done.outcome, done.is_fault) == ("refused", True)
    assert f"refused, and the one that is here stays: {words}" in done.text()
    assert done.findings
    assert here(store) == CATALOG
    assert (store.var / "catalogs" / "refused-catalogs-coffee.csv").read_text("utf-8") == text
    assert [path.name for path in (store.quizzes / "catalogs").iterdir()] == ["coffee.csv"]


def test_a_refused_one_that_is_mended_is_taken(store: PullStore) -> None:
    """And nothing is left of the refused one."""
    from_file(store, "")
    assert from_file(store, DEARER).outcome == "pulled"
    assert not (store.var / "catalogs" / "refused-catalogs-coffee.csv").exists()


def test_two_catalogues_of_one_file_name_are_kept_apart(store: PullStore) -> None:
    """As those of two languages are, each in a folder of its own: a good one takes no refused one away."""
    from_file(store, "")
    (store.base / "french.csv").write_text(CATALOG, encoding="utf-8")
    assert pull(store, "fr/coffee.csv", CatalogSource(place="french.csv"), PullTerms()).outcome == "pulled"
    assert (store.var / "catalogs" / "refused-catalogs-coffee.csv").exists()


def test_every_quiz_with_the_catalogue_is_asked(store: PullStore) -> None:
    """One that it breaks is enough, and one with errors of its own is not asked about them."""
    needs_decaf = changed(("{tag:decaf: 3}", "{tag:decaf: 3}, requires: [tag:decaf]"))
    lay(store.quizzes, changed(("show: 3", "show: 3\n  shwo: 4")), slug="misspelt")
    lay(store.quizzes, changed(("tag:ground: 2", "tag:grond: 2")), slug="mistaken")
    assert from_file(store, DEARER).outcome == "pulled"
    lay(store.quizzes, needs_decaf, slug="tea", catalog=DEARER)
    refused = from_file(store, RENAMED)
    assert (refused.outcome, refused.quizzes) == ("refused", ("coffee", "mistaken", "tea"))
    assert any(finding.file == "quizzes/tea.yaml" for finding in refused.findings)
    assert not any(finding.file == "quizzes/misspelt.yaml" for finding in refused.findings)


SHORT = "".join(CATALOG.splitlines(keepends=True)[:4]).replace("dark-roast,whole-bean", "dark-roast,whole-bean,decaf")


def test_many_missing_products_wait_for_a_word(store: PullStore) -> None:
    """By the file that is here; with the word it is taken."""
    done = from_file(store, SHORT)
    assert done.outcome == "refused"
    assert "3 of 6 live products are not in the catalogue any more: `light-ground`" in done.text()
    assert f"quizfunnel catalog pull --into {NAME} --accept" in done.text()
    assert here(store) == CATALOG
    assert from_file(store, SHORT, accept=True).outcome == "pulled"


def test_a_catalogue_that_was_cut_short_is_told_as_one(store: PullStore) -> None:
    """Before the rules that miss what is not in it."""
    done = from_file(store, "".join(CATALOG.splitlines(keepends=True)[:3]))
    assert "stays: 4 of 6 live products are not in the catalogue any more: " in done.text()
    assert "quizzes/coffee.yaml:" in done.text()


def test_what_is_live_counts_too(store: PullStore) -> None:
    """Where the file here has lost it already, and somebody has not said yet that it is gone."""
    opened = run.open_file(store.quizzes / "coffee.yaml")
    run.check_opened(opened, counting=False)
    assert isinstance(opened.catalog, Catalog)
    assert opened.loaded
    pair = LiveQuiz("coffee", opened.loaded.version, opened.loaded.quiz, opened.catalog)
    (store.quizzes / NAME).write_text(SHORT, encoding="utf-8")
    dearer = SHORT.replace("9.00", "9.10")
    assert from_file(store._replace(live=lambda _: pair), dearer).outcome == "refused"
    assert from_file(store, dearer).outcome == "pulled"


def test_a_dry_run_changes_nothing(store: PullStore) -> None:
    """It says what would."""
    for text, outcome in ((DEARER, "would"), ("", "refused"), (CATALOG, "unchanged")):
        assert from_file(store, text, dry=True).outcome == outcome
    assert here(store) == CATALOG
    assert [path.name for path in (store.var / "catalogs").iterdir()] == [".lock"]


def test_a_catalogue_that_no_quiz_names_yet_is_read_by_itself(store: PullStore) -> None:
    """So that it can be there before the quiz; one without a product is refused all the same."""
    (store.base / "tea.csv").write_text(CATALOG, encoding="utf-8")
    done = pull(store, "catalogs/tea.csv", CatalogSource(place="tea.csv"), PullTerms())
    assert (done.outcome, done.quizzes) == ("pulled", ())
    assert "Quizzes with it: none yet; quizzes name: catalogs/coffee.csv" in done.text()
    (store.base / "tea.csv").write_text("id,title\n", encoding="utf-8")
    assert pull(store, "catalogs/tea.csv", CatalogSource(place="tea.csv"), PullTerms()).outcome == "refused"


def test_a_folder_gives_its_newest_file(store: PullStore) -> None:
    """Or the one of the catalogue's own name; hidden files and other kinds are none."""
    folder = store.base / "exports"
    folder.mkdir()
    for age, (name, text) in enumerate(
        {".part.csv": "", "done.log": "", "b.csv": DEARER, "a.csv": CATALOG}.items(), start=1
    ):
        (folder / name).write_text(text, encoding="utf-8")
        os.utime(folder / name, (10**9 - age, 10**9 - age))
    source = CatalogSource(place=str(folder))
    done = pull(store, NAME, source, PullTerms())
    assert (done.outcome, done.place) == ("pulled", str(folder / "b.csv"))
    (folder / "coffee.csv").write_text(CATALOG, encoding="utf-8")
    os.utime(folder / "coffee.csv", (1, 1))
    assert pull(store, NAME, source, PullTerms()).place == str(folder / "coffee.csv")
    for path in folder.glob("*.csv"):
        path.unlink()
    assert "holds no file that ends in .csv" in pull(store, NAME, source, PullTerms()).text()


def test_a_file_that_is_not_there_is_said(store: PullStore) -> None:
    """As a fault of the pull, which is over with it."""
    done = pull(store, NAME, CatalogSource(place="/nowhere/export.csv"), PullTerms())
    assert (done.outcome, done.is_fault) == ("failed", True)
    assert "/nowhere/export.csv: cannot be read (No such file" in done.text()


def served(store: PullStore, server: Listening) -> Callable[..., Pulled]:
    """Return a pull from a server of a test, with a key in its address."""
    here = f"127.0.0.1:{server.port}"
    reaching = store._replace(client=OutboundClient([here]))
    source = CatalogSource.model_validate({"from": f"http://{here}/p.csv?key=geheim", "authorization": "Bearer x"})
    return lambda **terms: pull(reaching, NAME, source, PullTerms(**terms))


def test_an_address_is_asked_only_for_what_has_changed(store: PullStore) -> None:
    """By the server's own words; once somebody has changed the file here, whole again."""
    with speaking(
        saying(answer(DEARER.encode(), b'ETag: "v1"', b"Last-Modified: Mon, 02 Nov 2026 10:00:00 GMT"))
    ) as server:
        again = served(store, server)
        first = again()
        assert first.outcome == "pulled"
        assert "geheim" not in str(first)
        assert again().outcome == "unchanged"
        (store.quizzes / NAME).write_text(CATALOG, encoding="utf-8")
        assert again().outcome == "pulled"
    whole, known, changed_here = server.heard
    assert b"Authorization: Bearer x\r\n" in whole
    assert b'If-None-Match: "v1"\r\nIf-Modified-Since: Mon, 02 Nov 2026 10:00:00 GMT\r\n' in known
    assert b"If-None-Match" not in whole + changed_here


def test_validators_that_cannot_be_sent_back_are_not(store: PullStore) -> None:
    """The whole file is asked for again."""
    with speaking(saying(answer(DEARER.encode(), b'ETag: "\xfc"'))) as server:
        again = served(store, server)
        assert [again().outcome, again().outcome] == ["pulled", "unchanged"]
    assert b"If-None-Match" not in server.heard[1]


def test_a_server_that_has_nothing_new_is_believed(store: PullStore) -> None:
    """Where it was asked for what has changed, and nowhere else."""
    said = [answer(DEARER.encode(), b'ETag: "v1"'), answer(b"", status=b"304 Not Modified")]
    with speaking(lambda connection: connection.sendall(said.pop(0))) as server:
        again = served(store, server)
        assert again().outcome == "pulled"
        assert again().outcome == "unchanged"
    assert here(store) == DEARER
    with speaking(saying(answer(b"", status=b"304 Not Modified"))) as server:
        assert served(store, server)().outcome == "failed"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (
            answer(b"", b"Location: https://10.0.0.5/?key=x", status=b"301 Moved"),
            "leads on to where no answer may lead",
        ),
        (answer(b"", status=b"401 Unauthorized"), "asks for a key; write authorization"),
        (answer(b"", status=b"404 Not Found"), "is not there"),
        (answer(b"", status=b"500 Oops"), "answered 500"),
        (b"nothing of the kind", "no way that HTTP knows"),
    ],
)
def test_an_answer_without_a_catalogue_changes_nothing(store: PullStore, reply: bytes, words: str) -> None:
    """It is said with what to do, and without the key of the address."""
    with speaking(saying(reply)) as server:
        done = served(store, server)()
    assert (done.outcome, here(store)) == ("failed", CATALOG)
    assert words in done.text()
    assert "geheim" not in str(done)


def test_a_half_sent_catalogue_changes_nothing(store: PullStore) -> None:
    """Though it would be a good one."""
    body = DEARER.encode()
    with speaking(saying(answer(body).replace(body, body[:-40]))) as server:
        assert "stopped in the middle" in served(store, server)().text()
    assert here(store) == CATALOG


def test_a_store_that_cannot_be_written_is_said(store: PullStore) -> None:
    """Where the file cannot be laid down."""
    (store.var).write_text("a file in its place")
    done = from_file(store, DEARER)
    assert (done.outcome, here(store)) == ("failed", CATALOG)
    assert "look at who may write there" in done.text()


def test_the_first_catalogue_of_a_quiz_is_taken(store: PullStore) -> None:
    """A quiz that waits for its catalogue is no reason to refuse it."""
    (store.quizzes / NAME).unlink()
    done = from_file(store, CATALOG)
    assert done.outcome == "pulled"
    assert "6 products: 6 new" in done.text()
