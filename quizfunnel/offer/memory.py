"""Cache with admission at the second use: a value is kept from the second time on that it is asked for."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")

TIMES = 16  # as many more keys are noted as values are kept: a digest is small


class Memory(Generic[Value]):
    """Keeps at most so many values, each from the second time on that it is asked for; `len` is how many.

    Most sets of answers are given once. Keeping those would cost more than it saves: each pushes another one
    out, and Python's collector walks through all of them.
    """

    def __init__(self, most: int) -> None:
        """Take how many values are kept before room is made."""
        self._most = most
        self._kept: dict[Hashable, Value] = {}
        self._once: set[int] = set()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a key, made where it is not kept."""
        value = self._kept.get(key)
        if value is None:
            value = make()
            self._note(key, value)
        return value

    def __len__(self) -> int:
        """Return how many values are kept."""
        return len(self._kept)

    @property
    def noted(self) -> int:
        """Return how many keys are noted that were asked for once."""
        return len(self._once)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._once.clear()

    def _note(self, key: Hashable, value: Value) -> None:
        digest = hash(key)  # two keys that share it are taken for one: it is kept a little early
        if digest in self._once:
            if len(self._kept) >= self._most:
                self._kept.clear()
            self._kept[key] = value
            return
        if len(self._once) >= TIMES * self._most:
            self._once.clear()
        self._once.add(digest)
