"""Laws of a backup that is put in place by hand, under a server that runs: it is used once it has forgotten again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quizfunnel.app import create_app
from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.privacy.forget import Keeper, forget_visitor
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.visit.erasure import ErasureKey
from tests.backup import shop

ANNA = "a" * 32


def test_a_database_that_knows_again_whoever_was_erased_is_not_served(folder: Path) -> None:
    """Until a command, or a new start of the server, has forgotten them; nobody is told of them meanwhile."""
    database = shop.make(folder)
    shop.add(database, ANNA)
    shop.told("backup", "monday")
    serving = create_app(StoreSettings.load(), demo=False).extensions["quizfunnel"].engine
    with reading(serving):
        pass
    engine = open_engine(f"sqlite:///{database}", pooled=False)
    keeper = Keeper(engine, ErasureKey(folder / "var" / "erasures"))
    forget_visitor(keeper, ANNA, now=datetime.now(UTC), by="command")
    (folder / "monday").rename(database)
    with pytest.raises(DatabaseAway, match="does not know of 1 erasures; quizfunnel nightly forgets them again"):
        reading(serving).__enter__()
    assert "forgets again" in shop.told("orders", "dead")
    with reading(serving):
        pass
    serving.dispose()
    assert shop.visitors(database) == []
