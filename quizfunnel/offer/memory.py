"""What is worth keeping: that which is asked for a second time."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Keeps at most so many values, each from the second time on that it is asked for.

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
        found = self._kept.get(key)
        if found is None:
            found = make()
            self._note(key, found)
        return found

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
        if len(self._once) >= _TIMES * self._most:
            self._once.clear()
        self._once.add(digest)


_TIMES = 16
