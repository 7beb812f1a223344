"""Laws of tries to sign in: counted by account and by network, over all processes, and forgotten after a while."""

from datetime import timedelta
from threading import Barrier, Thread

from sqlalchemy import Engine, func, select

from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading, write
from quizfunnel.web.staff import tries
from quizfunnel.web.staff.tries import OF_ACCOUNT, OF_NETWORK, WITHIN, Begun, Source
from quizfunnel.web.tables import SignInTry
from tests.cast import NOON

HERE = Source("ana", "10.0.0.1")


def begin(engine: Engine, source: Source = HERE, *, later: float = 0) -> Begun:
    """Begin a try some seconds after noon."""
    return write(engine, lambda c: tries.begin(c, source, at=NOON + timedelta(seconds=later)))


def test_an_account_waits_after_five_failures(engine: Engine) -> None:
    """From any network, until the first is fifteen minutes old; a try that has to wait is not counted."""
    for second in range(OF_ACCOUNT):
        assert begin(engine, HERE._replace(network=f"10.0.0.{second}"), later=second).id
    whole = int(WITHIN.total_seconds())
    assert begin(engine, later=5) == Begun(wait_seconds=whole - 5)
    assert begin(engine, later=whole - 0.5) == Begun(wait_seconds=1)
    assert begin(engine, HERE._replace(account="bo"), later=5).id
    assert begin(engine, later=whole).id
    assert begin(engine, later=whole).wait_seconds == 1


def test_a_network_waits_after_twenty(engine: Engine) -> None:
    """Whatever the accounts; another network does not."""
    for number in range(OF_NETWORK):
        assert begin(engine, HERE._replace(account=f"a{number}")).id
    assert begin(engine, HERE._replace(account="new")).wait_seconds > 0
    assert begin(engine, Source("new", "10.0.0.2")).id


def test_a_success_clears_the_account_and_not_the_network(engine: Engine) -> None:
    """Who mistyped begins anew; who guesses others' passwords does not, by signing in to an account of their own."""
    for _ in range(OF_ACCOUNT - 1):
        begin(engine)
    right = begin(engine, later=1)
    write(engine, lambda c: tries.succeed(c, right))
    for second in range(OF_ACCOUNT):
        assert begin(engine, later=2 + second).id
    assert begin(engine, later=9).wait_seconds > 0
    for number in range(OF_NETWORK - 2 * OF_ACCOUNT + 1):
        own = begin(engine, HERE._replace(account=f"own{number}"), later=9)
        assert own.id
    assert begin(engine, HERE._replace(account="last"), later=9).wait_seconds > 0


def test_tries_are_counted_over_processes_and_restarts(engine: Engine, database_url: str) -> None:
    """Another connection counts the same ones."""
    for _ in range(OF_ACCOUNT):
        begin(engine)
    other = open_engine(database_url, pooled=False)
    assert begin(other).wait_seconds > 0
    other.dispose()


def test_many_at_once_are_no_more_than_one_after_another(engine: Engine) -> None:
    """Of twelve tries at the same moment five may look at the password."""
    barrier, allowed = Barrier(12), []

    def attempt() -> None:
        barrier.wait()
        if begin(engine).id:
            allowed.append(1)

    threads = [Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == OF_ACCOUNT


def test_old_tries_are_not_kept(engine: Engine) -> None:
    """A day later they are gone."""
    begin(engine)
    begin(engine, later=25 * 3600)
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(SignInTry)) == 1
