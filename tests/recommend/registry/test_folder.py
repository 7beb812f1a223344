"""A model is stored whole or not at all, read only as it was saved, and replaced only on purpose."""

import errno
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quizfunnel.kit import files
from quizfunnel.quiz.fingerprint import meaning
from quizfunnel.quiz.spec import is_slug
from quizfunnel.recommend.registry.folder import Package, Registry
from quizfunnel.recommend.registry.manifest import RegistryError
from quizfunnel.recommend.registry.state import Challenge, State
from quizfunnel.recommend.serving.answer_codes import columns_of
from quizfunnel.recommend.serving.score_model import RULES, ModelTable
from tests.cast import coffee_catalog, coffee_quiz

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
QUIZ = coffee_quiz()


def table(slope: float = 0.2) -> ModelTable:
    """Return a table that says nothing but the rules, at this slope."""
    products = tuple(product.id for product in coffee_catalog().products)
    level = (0.0,) * len(products)
    columns = columns_of(QUIZ)
    return ModelTable(products, columns, slope, level, tuple((level,) * column.codes for column in columns))


def package(slope: float = 0.2) -> Package:
    """Return a model of the coffee quiz."""
    return Package(
        quiz="coffee",
        quiz_version="f" * 64,
        meaning=meaning(QUIZ),
        made_at=NOON,
        table=table(slope),
        card={"purchases": 12},
        card_text="# A model\n",
    )


@pytest.fixture
def models(tmp_path: Path) -> Registry:
    """Give the registry of a store that has none yet."""
    return Registry(tmp_path / "models")


def test_it_works(models: Registry) -> None:
    """A model that is saved is listed and read back, and serves nobody before it is promoted."""
    version = models.save(package())
    assert version.startswith("20261124-120000-")
    assert models.versions("coffee") == (version,)
    assert models.load("coffee", version) == table()
    assert models.card("coffee", version) == {"purchases": 12}
    assert models.check("coffee", version) == models.manifest("coffee", version)
    assert models.manifest("coffee", version).meaning == meaning(QUIZ)
    assert models.state("coffee") == State(RULES, None, ())
    assert models.promote("coffee", version, why="better", at=NOON) == models.state("coffee")
    assert models.state("coffee").serving == version


def test_arrays_come_back_as_they_were(models: Registry) -> None:
    """Byte for byte, and none where none were kept."""
    version = models.save(replace(package(), arrays=b"any bytes"))
    assert models.arrays("coffee", version) == b"any bytes"
    assert models.arrays("coffee", models.save(package())) == b""


def test_the_same_model_twice_is_one_version(models: Registry) -> None:
    """A second save of the same second and the same numbers changes nothing that can be read."""
    assert models.save(package()) == models.save(package())
    assert len(models.versions("coffee")) == 1


def test_versions_stand_in_the_order_they_were_made(models: Registry) -> None:
    """Oldest first."""
    late = models.save(replace(package(), made_at=NOON + timedelta(days=1)))
    early = models.save(package())
    assert models.versions("coffee") == (early, late)


@pytest.mark.parametrize("name", ["table.json", "manifest.json", "card.json", "model.skops"])
@pytest.mark.parametrize("fault", ["gone", "truncated", "other", "empty", "a folder"])
def test_what_is_not_as_it_was_saved_is_not_used(models: Registry, name: str, fault: str) -> None:
    """Each file, missing, cut, changed in one byte or empty: told with its path and what to do, and never promoted."""
    version = models.save(replace(package(), arrays=b"any bytes" if name == "model.skops" else b""))
    path = models._folder / "coffee" / version / name
    body = path.read_bytes()
    path.unlink()
    if fault == "a folder":
        path.mkdir()
    elif fault != "gone":
        path.write_bytes({"truncated": body[:-7], "other": b" " + body[1:], "empty": b""}[fault])
    if (name, fault) == ("manifest.json", "other"):
        return  # `{` became a space: as cut as any
    with pytest.raises(RegistryError, match=rf"models/coffee/{version}/{name}: cannot be used \(.+\); train again"):
        models.check("coffee", version)
    with pytest.raises(RegistryError):
        models.promote("coffee", version, why="", at=NOON)
    assert models.state("coffee").serving == RULES


def test_another_models_folder_is_not_taken_for_this_one(models: Registry) -> None:
    """A folder that was renamed or copied says whose it is."""
    version = models.save(package())
    (models._folder / "coffee").rename(models._folder / "tea")
    with pytest.raises(RegistryError, match=f"it is that of coffee/{version}"):
        models.load("tea", version)


@pytest.mark.parametrize(
    "name", ["../coffee", "..", "", "/etc", "20261124-120000-zzzzzz", "state.json", "a\0b", "x" * 999]
)
def test_names_from_outside_are_only_compared(models: Registry, name: str) -> None:
    """No path is made of them, whether they stand for a quiz or for a version."""
    models.save(package())
    with pytest.raises(RegistryError, match="has no model"):
        models.load("coffee", name)
    with pytest.raises(RegistryError):
        models.promote("coffee", name, why="", at=NOON)
    assert models.versions(name) == ()
    assert not any(map(any, models.stamps(name)))
    assert not any(map(any, models.stamps("coffee", name)))
    if not is_slug(name):
        for refused in (lambda: models.state(name), lambda: models.save(replace(package(), quiz=name))):
            with pytest.raises(RegistryError, match="is no name of a quiz"):
                refused()


def test_rollback_goes_back_along_the_promotions(models: Registry) -> None:
    """From the second model to the first, from there to the rules, and no further."""
    first, second = models.save(package()), models.save(package(0.3))
    models.promote("coffee", first, why="", at=NOON)
    models.promote("coffee", second, why="", at=NOON)
    assert models.rollback("coffee", why="sales fell", at=NOON).serving == first
    assert models.rollback("coffee", why="", at=NOON).serving == RULES
    with pytest.raises(RegistryError, match="nothing served before `rules`"):
        models.rollback("coffee", why="", at=NOON)
    said = [(event.what, event.version, event.was, event.why) for event in models.state("coffee").history]
    assert said == [
        ("promoted", first, RULES, ""),
        ("promoted", second, first, ""),
        ("rolled back", first, second, "sales fell"),
        ("rolled back", RULES, first, ""),
    ]


def test_a_rollback_to_what_is_broken_is_refused(models: Registry) -> None:
    """The serving model goes on serving."""
    first, second = models.save(package()), models.save(package(0.3))
    for version in (first, second):
        models.promote("coffee", version, why="", at=NOON)
    (models._folder / "coffee" / first / "table.json").write_text("{}")
    with pytest.raises(RegistryError, match=r"table\.json: cannot be used"):
        models.rollback("coffee", why="", at=NOON)
    assert models.state("coffee").serving == second


def test_a_challenge_has_its_share_until_it_ends(models: Registry) -> None:
    """It is kept with its planned size, ends with a promotion, and every change is told in the history."""
    first, second = models.save(package()), models.save(package(0.3))
    challenge = Challenge(first, 0.2, 5000, NOON)
    assert models.challenge("coffee", challenge, why="try it").challenger == challenge
    assert models.state("coffee").challenger == challenge
    models.challenge("coffee", Challenge(second, 0.1, 10, NOON))
    assert models.promote("coffee", second, why="won", at=NOON).challenger is None
    with pytest.raises(RegistryError, match="serves already"):
        models.challenge("coffee", Challenge(second, 0.1, 10, NOON))
    models.challenge("coffee", challenge)
    assert models.end_challenge("coffee", why="no worse, no better", at=NOON).challenger is None
    assert [event.what for event in models.state("coffee").history] == [
        "challenged", "challenge ended", "challenged", "challenge ended", "promoted", "challenged", "challenge ended",
    ]  # fmt: skip


@pytest.mark.parametrize(("share", "size"), [(0, 10), (1, 10), (float("nan"), 10), (0.1, 0)])
def test_what_is_no_challenge_is_refused(share: float, size: int) -> None:
    """A share between 0 and 1, and a size."""
    with pytest.raises(ValueError, match="a challenger needs"):
        Challenge("20261124-120000-abcdef", share, size, NOON)


BROKEN = [
    "", "{", "[]", "null", "7", '{"format": 2}', '{"format": 1}',
    '{"format": 1, "serving": "../x", "challenger": null, "history": []}',
    '{"format": 1, "serving": "rules", "challenger": {"version": "x"}, "history": []}',
    '{"format": 1, "serving": "rules", "challenger": null, "history": [1]}',
    '{"format": 1, "serving": "rules", "challenger": null, "history": [{"at": "now"}]}',
    "[" * 100_000, "\udcff",
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_state_is_told_and_a_promotion_begins_anew(models: Registry, text: str) -> None:
    """Nothing is guessed from it; what it said is laid aside."""
    version = models.save(package())
    path = models._folder / "coffee" / "state.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(RegistryError, match=r"models/coffee/state\.json: cannot be read .* the rules serve.*--promote"):
        models.state("coffee")
    with pytest.raises(RegistryError, match=r"state\.json"):
        models.rollback("coffee", why="", at=NOON)
    assert models.promote("coffee", version, why="", at=NOON).serving == version
    assert models.state("coffee").serving == version
    assert path.with_suffix(".broken").read_bytes() == text.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("step", ["write", "fsync_folder", "rename", "replace"])
def test_a_crash_at_any_step_leaves_what_was_or_what_is_to_be(
    models: Registry, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at each call that touches the disk: no half version, no broken state, and the next save clears up."""
    first = models.save(package())
    models.promote("coffee", first, why="", at=NOON)
    owner = files if step in ("write", "fsync_folder") else Path
    real = getattr(owner, step)
    for turn in range(7):
        left = iter(range(turn, -1, -1))

        def die(*given: object, left: Iterator[int] = left) -> object:
            if not next(left, -1):
                raise KeyboardInterrupt
            return real(*given)

        with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
            patched.setattr(owner, step, die)
            patched.setattr(shutil, "rmtree", lambda *_, **__: None)  # a killed process clears nothing up
            models.promote("coffee", models.save(package(0.3 + turn)), why="", at=NOON)
        for version in (*models.versions("coffee"), models.state("coffee").serving):
            models.check("coffee", version)
    models.save(package(9.0))
    assert not [path for path in (models._folder / "coffee").glob(".new-*") if path.is_dir()]


FOREVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from quizfunnel.recommend.registry.folder import Registry
from tests.recommend.trained import coffee_model, package
models = Registry(Path(sys.argv[1]))
noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
for n in range(10**6):
    models.promote("coffee", models.save(package(coffee_model(n / 7))), why="", at=noon)
    print(n, flush=True)
"""


@pytest.mark.slow
def test_a_killed_save_is_never_seen(models: Registry, tmp_path: Path) -> None:
    """SIGKILL while models are saved and promoted without end: what is there can be read, and what serves is there."""
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", FOREVER, str(tmp_path / "models")],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
        )
        assert process.stdout is not None
        for _ in range(4):
            assert process.stdout.readline(), "the saving process ended by itself"
            models.check("coffee", models.state("coffee").serving)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        for version in models.versions("coffee"):
            models.check("coffee", version)
    assert models.state("coffee").serving in models.versions("coffee")


def test_two_processes_take_turns(models: Registry) -> None:
    """Promotions from several threads at once: all stand in the history."""
    from concurrent.futures import ThreadPoolExecutor

    version = models.save(package())
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: models.promote("coffee", version, why=str(n), at=NOON), range(12)))
    assert sorted(int(event.why) for event in models.state("coffee").history) == list(range(12))


def test_what_cannot_be_written_is_told(models: Registry, tmp_path: Path) -> None:
    """A file where the folder should be, in words."""
    (tmp_path / "models").write_text("")
    with pytest.raises(RegistryError, match="cannot be written"):
        models.save(package())
    with pytest.raises(RegistryError):
        models.promote("coffee", RULES, why="", at=NOON)
    assert models.versions("coffee") == ()


def test_reading_the_state_needs_no_learning_library() -> None:
    """Importing the registry, listing and loading a table bring neither numpy nor skops."""
    code = (
        "import sys; from pathlib import Path; from quizfunnel.recommend.registry.folder import Registry\n"
        "Registry(Path('nowhere')).versions('coffee'); Registry(Path('nowhere')).state('coffee')\n"
        "print([name for name in ('numpy', 'skops', 'sklearn', 'scipy') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


@pytest.mark.parametrize("step", ["write", "fsync_folder"])
def test_a_full_disk_leaves_nothing_behind(models: Registry, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that fails is told, the model that was there serves on, and no half of it lies about."""
    version = models.save(package())
    models.promote("coffee", version, why="", at=NOON)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, step, full)
    with pytest.raises(
        RegistryError, match=r"models/coffee: cannot be written \(No space left on device\); look at its disk"
    ):
        models.save(package(0.3))
    with pytest.raises(RegistryError, match="cannot be written"):
        models.promote("coffee", RULES, why="", at=NOON)
    monkeypatch.undo()
    assert models.versions("coffee") == (version,)
    assert models.state("coffee").serving in (version, RULES)  # settled late, it may already have its name
    assert not [path for path in (models._folder / "coffee").glob(".new-*") if path.is_dir()]
