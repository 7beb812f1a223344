"""How far a command has come, on a terminal and nowhere else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_BREATH = 0.01  # seconds between two batches, for a shopper who waits to write


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Give what is told which step is under way; it shows on a terminal and nowhere else."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (BarColumn(bar_width=20), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Starting", total=None)

        def tell(step: str) -> None:
            bar.update(task, description=step)

        yield tell


@contextmanager
def days(quiz: str) -> Iterator[Callable[[int, int], None]]:
    """Give what is told how many days are done, of how many; it shows on a terminal and nowhere else."""
    with steps() as tell:
        yield lambda done, total: tell(f"{quiz}: day {done:,} of {total:,}")


@contextmanager
def progress_of(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give what is told how much is done; it shows on a terminal and nowhere else."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=total)

        def tell(done: int) -> None:
            bar.update(task, completed=done)
            time.sleep(_BREATH)

        yield tell
