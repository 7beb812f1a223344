"""Progress bars of the command, on a terminal and nowhere else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_BREATH = 0.01  # seconds between two batches, for a shopper who waits to write


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Yield a callback that takes the name of the step under way and shows it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (BarColumn(bar_width=20), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Starting", total=None)

        def show(step: str) -> None:
            bar.update(task, description=step)

        yield show


@contextmanager
def days(quiz: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback that takes the count of days done and of all days, and shows both."""
    with steps() as show:
        yield lambda done, total: show(f"{quiz}: day {done:,} of {total:,}")


@contextmanager
def progress_of(work: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yield a callback that takes the count done so far and shows it beside the total."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(work, total=total)

        def show(done: int) -> None:
            bar.update(task, completed=done)
            time.sleep(_BREATH)

        yield show
