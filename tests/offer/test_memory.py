"""A value that is asked for twice is kept, within bounds, and always the value of its key."""

import random

from quizfunnel.offer.memory import TIMES, Memory


def test_it_is_kept_from_the_second_time_on() -> None:
    """Made at the first and the second asking, and never again."""
    memory, made = Memory[str](8), list[int]()

    def make() -> str:
        made.append(1)
        return "value"

    assert [memory.get("key", make) for _ in range(5)] == ["value"] * 5
    assert len(made) == 2
    memory.clear()
    memory.get("key", make)
    assert len(made) == 3


def test_it_stays_within_bounds_and_gives_each_key_its_own() -> None:
    """A thousand keys asked for at random: room is made, and no value is another key's."""
    memory, rng, most = Memory[int](8), random.Random(1), 0  # noqa: S311
    for _ in range(20_000):
        key = int(rng.paretovariate(0.5)) % 1000
        assert memory.get(key, lambda key=key: -key) == -key  # type: ignore[misc]
        most = max(most, len(memory))
        assert memory.noted <= 8 * TIMES
    assert most == 8
