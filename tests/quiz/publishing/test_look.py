"""Everybody serves what is published: a process beside, a restart, another machine; whatever lies on a disk since."""

import logging
import shutil
import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from quizfunnel.kit.clock import SetClock
from quizfunnel.quiz.publishing import offers, publication
from quizfunnel.quiz.publishing.published import PublishedVersions
from quizfunnel.quiz.tables import DiskOffer, Publication
from quizfunnel.store.transaction import DatabaseAway, reading, writing
from tests.quiz.files import CATALOG, QUIZ, changed
from tests.quiz.publishing.machines import BROKEN, Machine, cheaper, later, price, title


def states(engine: Engine) -> list[str]:
    """Return the states of all publications, the first first."""
    with reading(engine) as connection:
        rows = connection.execute(select(Publication.__table__)).all()  # type: ignore[attr-defined]
    return [row.state for row in sorted(rows, key=lambda row: (row.starts_at, row.state != "ended"))]


def test_it_works(machine: Machine, engine: Engine) -> None:
    """A good file is published by the process that sees it first; another one serves it and writes nothing."""
    assert title(machine.process()) == "Find your coffee"
    assert title(machine.process()) == "Find your coffee"
    assert states(engine) == ["live"]


def test_a_good_save_and_then_a_broken_one_leave_one_version_in_every_process(machine: Machine) -> None:
    """One process saw the good save, the other one never did; after a restart it is the same."""
    saw, slept = machine.process(), machine.process()
    assert title(saw) == title(slept) == "Find your coffee"
    machine.save("Find your next coffee")
    assert title(saw) == "Find your next coffee"
    machine.save(text=BROKEN)
    assert title(slept) == title(saw) == title(machine.process()) == "Find your next coffee"
    assert machine.process().problems()


def test_a_restart_serves_what_is_published_though_the_disk_is_broken_or_away(machine: Machine) -> None:
    """A broken file, an unreadable one, a folder that is empty or not there: nobody deleted anything."""
    assert title(machine.process())
    (machine.folder / "coffee.yaml").write_bytes(b"\xff\xfe\0")
    assert title(machine.process()) == "Find your coffee"
    machine.folder.rename(machine.store / "away")
    process = machine.process()
    assert title(process) == "Find your coffee"
    assert process.problems()
    machine.folder.mkdir()
    assert title(process) == "Find your coffee"
    assert "is empty, and `coffee` serve on as published" in process.problems()[0].message


def test_a_machine_whose_disk_lacks_the_file_serves_it(machine: Machine, other: Machine) -> None:
    """It never had it, so that nothing was deleted there."""
    shutil.rmtree(other.folder)
    other.save(slug="tea")
    assert title(machine.process())
    elsewhere = other.process()
    assert title(elsewhere) == "Find your coffee"
    assert title(elsewhere, "tea") == "Find your coffee"
    assert title(machine.process(), "tea") == "Find your coffee"


def test_two_machines_with_different_disks_do_not_alternate(machine: Machine, other: Machine, engine: Engine) -> None:
    """Each disk is heard when it changes and not when it is looked at, by whatever process, however often."""
    one, two = machine.process(), other.process()
    assert title(one) == title(two)
    other.save("Second")
    assert title(two) == title(one) == "Second"
    for _ in range(3):
        assert {title(shelf) for shelf in (one, two, machine.process(), other.process())} == {"Second"}
    machine.save("Third")
    for _ in range(3):
        assert {title(shelf) for shelf in (one, two, machine.process(), other.process())} == {"Third"}
    assert states(engine) == ["ended", "ended", "live"]


def test_a_stock_that_changes_on_an_old_disk_changes_no_quiz(machine: Machine, other: Machine) -> None:
    """Whoever changes the catalogue alone offers it to the version that is live, also where that is another disk's."""
    one, two = machine.process(), other.process()
    assert title(one) == title(two)
    other.save("Second")
    assert title(two) == "Second"
    machine.save(catalog=cheaper(800))
    assert (price(one), title(one)) == (800, "Second")
    assert (price(two), title(two)) == (800, "Second")


def test_a_copied_folder_is_another_disk(machine: Machine, other: Machine) -> None:
    """An image with var/ in it makes no two machines take turns."""
    one = machine.process()
    assert title(one)
    shutil.rmtree(other.store)
    shutil.copytree(machine.store, other.store)
    two = other.process()
    assert title(two) == "Find your coffee"
    other.save("Second")
    assert title(two) == "Second"
    for _ in range(3):
        assert {title(shelf) for shelf in (one, two, machine.process(), other.process())} == {"Second"}


def test_a_disk_never_seen_with_an_old_pair_publishes_nothing(machine: Machine, other: Machine) -> None:
    """As of a backup, or a machine that was asleep; with a pair that nobody has shown it does, and a change too."""
    one = machine.process()
    assert title(one)
    machine.save("Second")
    assert title(one) == "Second"
    two = other.process()
    assert title(two) == title(one) == "Second"
    other.save("Third")
    assert title(two) == title(one) == "Third"


def test_a_revert_is_published(machine: Machine, engine: Engine) -> None:
    """Git brings back what was live before: the disk shows something else than it did last."""
    process = machine.process()
    assert title(process)
    machine.save("Second")
    assert title(process) == "Second"
    machine.save()
    assert title(process) == title(machine.process()) == "Find your coffee"
    assert states(engine) == ["ended", "ended", "live"]


def test_a_deleted_file_withdraws_its_quiz_everywhere(machine: Machine, other: Machine, engine: Engine) -> None:
    """Its versions stay for who began; a restart withdraws nothing twice, and the same file put back is published."""
    one, two = machine.process(), other.process()
    live = later(one)
    assert live is not None
    assert title(two)
    (machine.folder / "coffee.yaml").unlink()
    for after in (one, two, machine.process(), other.process()):
        assert title(after) == ""
        assert after.withdrawn("coffee")
        pinned = after.pinned(live.version, "coffee")
        assert pinned is not None
        assert (pinned.quiz.title, len(pinned.catalog.products)) == ("Find your coffee", 6)
    assert states(engine) == ["withdrawn"]
    assert one.pinned("0" * 64) is None
    machine.save()
    assert title(one) == title(two) == "Find your coffee"


def test_a_file_deleted_while_nothing_ran_is_deleted(machine: Machine) -> None:
    """The disk is known by its id, and what it showed last is in the database."""
    assert title(machine.process())
    (machine.folder / "coffee.yaml").unlink()
    assert title(machine.process()) == ""


def test_a_file_that_is_away_for_a_moment_is_not_deleted(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """As while an editor saves: it takes the old file away before it puts the new one there."""
    process = machine.process()
    assert title(process)
    (machine.folder / "coffee.yaml").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(time, "sleep", lambda _seconds: machine.save("Second"))
        assert title(process) == "Find your coffee"
    assert title(process) == "Second"
    assert states(machine.engine) == ["ended", "live"]


def test_what_a_release_before_this_served_goes_on(machine: Machine, engine: Engine, clock: SetClock) -> None:
    """Publications without any disk: the disk's files were live as they lay there, deleted ones were gone."""
    machine.save(slug="tea")
    unpublished = Machine(machine.store, engine, clock, publishes=False).process()
    assert unpublished.slugs() == ()
    process = machine.process()
    live, tea = process.live("coffee"), process.live("tea")
    assert live is not None
    assert tea is not None
    with writing(engine) as connection:
        connection.execute(DiskOffer.__table__.delete())  # type: ignore[attr-defined]
    (machine.folder / "tea.yaml").unlink()
    machine.save("Second")
    upgraded = machine.process()
    assert title(upgraded) == "Second"
    assert upgraded.slugs() == ("coffee",)


def test_nothing_is_published_by_itself_where_that_is_off(machine: Machine, engine: Engine, clock: SetClock) -> None:
    """A new file, a change, a deleted file: what somebody published serves on, and it is said what waits."""
    strict = Machine(machine.store, engine, clock, publishes=False)
    process = strict.process()
    assert title(process) == ""
    assert "auto_publish is off; until then it cannot be taken" in process.problems()[0].message
    assert title(machine.process())
    assert title(process) == "Find your coffee"
    assert process.problems() == ()
    strict.save("Second")
    assert title(process) == "Find your coffee"
    assert process.problems() == ()
    assert any("quizfunnel publish coffee" in notice for notice in process.notices())
    (strict.folder / "coffee.yaml").unlink()
    assert title(process) == title(strict.process()) == "Find your coffee"


def test_a_change_that_was_saved_and_not_published_is_after_a_kill(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever the process ends, the file is published whole or not at all, and the next process does it."""
    process = machine.process()
    assert title(process)
    machine.save("Second")
    for verb in ("show", "publish"):
        with monkeypatch.context() as patched:
            patched.setattr(publication, verb, _killed)
            with pytest.raises(KeyboardInterrupt):
                title(machine.process())
        assert (
            title(Machine(machine.store, machine.engine, machine.clock, publishes=False).process())
            == "Find your coffee"
        )
    assert title(machine.process()) == title(process) == "Second"


def _killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_second_process_of_a_disk_that_comes_too_late_changes_nothing(
    machine: Machine, engine: Engine, clock: SetClock
) -> None:
    """Both saw the same news; the one whose turn comes second finds it done, also when that was undone since."""
    process = machine.process()
    first = later(process)
    machine.save("Second")
    second = later(process)
    assert first is not None
    assert second is not None
    with writing(engine) as connection:
        publication.publish(connection, first, at=clock.now())
        late = offers.PairOffer("coffee", second.pair, first.pair, second)
        disk = process._looks._role.disk
        assert offers.take(connection, late, disk, at=clock.now()) == ""
    assert title(process) == "Find your coffee"


def test_the_objects_that_serve_stay_the_same(machine: Machine) -> None:
    """So that whatever was computed for them stays known; in a process that has them from the database too."""
    machine.process().slugs()
    machine.save(text=BROKEN, catalog=CATALOG.replace('"decaf,ground",,3', '"decaf,ground",0,3'))
    process = machine.process()
    live = later(process)
    assert live is not None
    assert not live.catalog.by_id["decaf-ground"].available
    assert later(process) is live
    assert process.pinned(live.version, "coffee") is live


def test_a_scheduled_pair_begins_at_its_moment_in_every_process(
    machine: Machine, other: Machine, engine: Engine, clock: SetClock
) -> None:
    """Readers go by the clock, whoever makes the rows say so; what it takes the place of ended then."""
    one = machine.process()
    before = later(one)
    assert before is not None
    machine.save("Christmas")
    christmas = later(one)
    assert christmas is not None
    machine.save()
    assert title(one) == "Find your coffee"
    moment = clock.now() + timedelta(hours=1)
    with writing(engine) as connection:
        publication.publish(connection, christmas, at=clock.now(), starts_at=moment)
    reads = Machine(other.store, engine, clock, publishes=False).process()
    assert title(one) == title(reads) == "Find your coffee"
    clock.advance(3600)
    assert title(reads) == title(one) == title(machine.process()) == "Christmas"
    assert states(engine)[-2:] == ["ended", "live"]


def test_a_disk_that_cannot_write_serves_what_is_published(
    machine: Machine, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The save waits for the next look; nobody waits for the lock, and nothing is half done."""
    process = machine.process()
    assert title(process)
    machine.save("Second")
    with writing(engine):
        if engine.dialect.name == "sqlite":
            assert title(process) == "Find your coffee"
    assert title(process) == "Second"


def test_a_version_that_this_release_cannot_read_is_told_once_a_minute(
    machine: Machine, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """Not with every look, and without a traceback; what a process serves serves on."""
    process = machine.process()
    assert title(process)
    machine.save(text=BROKEN)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE quiz_version SET body = 'title: Old'")
    restarted = machine.process()
    with caplog.at_level(logging.WARNING, "quizfunnel.quiz.publishing.published"):
        assert [title(restarted) for _ in range(5)] == [""] * 5
    lines = [record.getMessage() for record in caplog.records if "cannot be read by this release" in record.message]
    assert len(lines) == 1
    assert "\n" not in lines[0]
    assert title(process) == "Find your coffee"


def test_a_renamed_file_with_its_old_name_keeps_the_old_address(machine: Machine) -> None:
    """Attempts on it go on too, with the products of now; without `was` the address is gone."""
    process = machine.process()
    old = later(process)
    assert old is not None
    (machine.folder / "coffee.yaml").unlink()
    machine.save(slug="kaffee", text=QUIZ + "was: [coffee]\n", catalog=cheaper(800))
    assert title(process, "kaffee") == "Find your coffee"
    assert process.live("coffee") is None
    assert process.renamed("coffee") == "kaffee"
    assert process.renamed("kaffee") is None
    pinned = process.pinned(old.version, "coffee")
    assert pinned is not None
    assert (pinned.slug, pinned.catalog.products[0].price) == ("coffee", 800)
    machine.save(slug="kaffee", text=QUIZ)
    assert title(process, "kaffee")
    assert process.renamed("coffee") is None
    assert process.withdrawn("coffee")


def test_a_name_that_is_taken_is_free_once_the_other_file_is_gone(machine: Machine) -> None:
    """The new file waits until then, though nobody touches it again."""
    process = machine.process()
    assert title(process)
    machine.save(slug="kaffee", text=QUIZ + "was: [coffee]\n")
    assert title(process, "kaffee") == ""
    assert "coffee.yaml is a quiz of its own" in process.problems()[0].message
    (machine.folder / "coffee.yaml").unlink()
    assert title(process, "kaffee") == "Find your coffee"
    assert process.renamed("coffee") == "kaffee"


def test_one_version_under_two_names_is_two_quizzes(machine: Machine) -> None:
    """A copied file has the same content and another address; attempts keep theirs."""
    machine.save(slug="tea")
    process = machine.process()
    live = later(process)
    assert live is not None
    for name in ("coffee", "tea"):
        pinned = process.pinned(live.version, name)
        assert pinned is not None
        assert pinned.slug == name
    restarted = machine.process().pinned(live.version, "tea")
    assert restarted is not None
    assert restarted.slug == "tea"


def test_a_pair_is_judged_whole(machine: Machine) -> None:
    """A good catalogue beside a broken quiz, and a good quiz beside a catalogue that lacks what it names, wait."""
    process = machine.process()
    assert price(process) == 900
    machine.save(text=BROKEN, catalog=cheaper(800))
    assert price(process) == price(machine.process()) == 900
    machine.save(catalog=cheaper(800))
    assert price(process) == 800
    machine.save(catalog=CATALOG.replace("decaf,", "koffeinfrei,"))
    assert price(process) == price(machine.process()) == 800


def test_a_restored_version_has_the_catalogue_of_now_only_where_both_go_together(
    machine: Machine, engine: Engine, clock: SetClock
) -> None:
    """A catalogue that only the file's own version goes with waits, is told once, and hides what it says is gone."""
    process = machine.process()
    first = later(process)
    assert first is not None
    machine.save(text=changed(("title: Find your coffee", "title: Second")).replace("tag:decaf", "tag:ground"))
    assert title(process) == "Second"
    with writing(engine) as connection:
        publication.publish(connection, first, at=clock.now())
    assert title(process) == "Find your coffee"
    told = CATALOG.replace('"decaf,', '"koffeinfrei,').replace('"dark-roast,ground",,', '"dark-roast,ground",0,')
    (machine.folder / "catalogs" / "coffee.csv").write_text(told.replace("9.00", "8.00"), encoding="utf-8")
    for shelf in (process, machine.process()):
        live = later(shelf)
        assert live is not None
        assert (live.quiz.title, live.catalog.by_id["dark-bean"].price) == ("Find your coffee", 900)
        assert [each.id for each in live.catalog.products if not each.available] == ["dark-ground"]
        (problem,) = shelf.problems()
        assert (
            "does not go with the version that serves, which is not this file's (quizzes/coffee.yaml:"
            in problem.message
        )
    (machine.folder / "catalogs" / "coffee.csv").write_text("id,title,price\n", encoding="utf-8")
    assert title(process) == "Find your coffee"
    (machine.folder / "catalogs" / "coffee.csv").write_text(cheaper(800), encoding="utf-8")
    assert (price(process), title(process)) == (800, "Find your coffee")
    assert process.problems() == ()


def test_a_delivery_of_stock_brings_no_withdrawn_quiz_back(machine: Machine, engine: Engine, clock: SetClock) -> None:
    """Somebody withdrew it though its file is here; a change of the quiz does."""
    process = machine.process()
    assert title(process)
    with writing(engine) as connection:
        publication.withdraw(connection, "coffee", at=clock.now())
    machine.save(catalog=cheaper(800))
    assert title(process) == title(machine.process()) == ""
    machine.save("Second", catalog=cheaper(800))
    assert title(process) == title(machine.process()) == "Second"


def test_while_the_database_is_away_a_process_serves_what_it_knows(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that starts then serves what lies here; where that was withdrawn it learns so with the first answer."""
    process = machine.process()
    assert title(process)
    machine.save("Second")
    started = machine.process()
    with monkeypatch.context() as away:
        for name in ("standing", "pair", "was_published", "recent"):
            away.setattr(PublishedVersions, name, _away)
        assert title(process) == "Find your coffee"
        assert title(started) == "Second"
        assert process.notices() == ()
        (machine.folder / "coffee.yaml").unlink()
        assert title(process) == "Find your coffee"
    assert title(process) == title(started) == ""


def test_what_is_in_no_memory_waits_for_the_database(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answered which pair is live and then no more: nothing is served in its place."""
    assert title(machine.process())
    machine.save(text=BROKEN)
    process = machine.process()
    with monkeypatch.context() as away:
        away.setattr(PublishedVersions, "pair", _away)
        assert title(process) == ""
    assert title(process) == "Find your coffee"


def _away(*_: object) -> None:
    raise DatabaseAway("as a test wants it")
