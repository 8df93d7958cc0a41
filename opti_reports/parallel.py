"""The one seam for scale: work done one after another, or by a pool of processes limited by memory."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context, parent_process
from threading import Thread
from types import TracebackType
from typing import TypeVar

from opti_reports.errors import OptiError

Item = TypeVar("Item")
Result = TypeVar("Result")
MEMORY_EACH = 1200 << 20
"""What one worker may need at most: a delivery of a whole county's visits."""


def default_jobs() -> int:
    """As many workers as there are processors, but no more than memory allows."""
    processors = os.cpu_count() or 1
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return processors
    return max(1, min(processors, memory // MEMORY_EACH))


@contextmanager
def no_collection() -> Iterator[None]:
    """Garbage collection put off while many things are made that all stay.

    The collector would walk them over and over (a quarter of the time of values and of a layout).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Jobs:
    """Runs tasks; a pool of processes is started only when there is more than one task to share.

    ``elsewhere`` is a pool that somebody else has started, and ends.
    """

    def __init__(self, jobs: int, elsewhere: Executor | None = None) -> None:
        self.jobs = jobs or default_jobs()
        self._elsewhere = elsewhere
        self._pool: Executor | None = None

    def __enter__(self) -> Jobs:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def each(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        done: Callable[[int], None],
        name: Callable[[Item], str] = str,
    ) -> list[Result]:
        """Return the ``work`` of every item, in their order; ``done`` is told how many are finished.

        When the system ends a worker, what is left is done one by one, each in a process of its own: memory
        may suffice then. Raises OptiError with the ``name`` of an item whose process is ended even so.
        """
        if (self.jobs == 1 and not self._elsewhere) or len(items) < 2:
            results = []
            for number, item in enumerate(items, 1):
                results.append(work(item))
                done(number)
            return results
        pool = self._started()
        futures = [pool.submit(work, item) for item in items]
        try:
            for number, future in enumerate(as_completed(futures), 1):
                future.result()
                done(number)
        except BrokenProcessPool:
            self._pool = None
            return self._one_by_one(work, list(zip(items, futures, strict=True)), done, name)
        return [future.result() for future in futures]

    def _one_by_one(
        self,
        work: Callable[[Item], Result],
        asked: Sequence[tuple[Item, Future[Result]]],
        done: Callable[[int], None],
        name: Callable[[Item], str],
    ) -> list[Result]:
        """Return the results that are there, and those of the other items, a new process each."""
        results = []
        for number, (item, future) in enumerate(asked, 1):
            ended = future.cancelled() or isinstance(future.exception(), BrokenProcessPool)
            results.append(_alone(work, item, name) if ended else future.result())
            done(number)
        return results

    def _started(self) -> Executor:
        if self._elsewhere is None and self._pool is None:
            self._pool = _pool(self.jobs)
        pool = self._elsewhere or self._pool
        assert pool is not None
        return pool


def _pool(jobs: int) -> ProcessPoolExecutor:
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(jobs, get_context(method), _end_with_parent)


def _alone(work: Callable[[Item], Result], item: Item, name: Callable[[Item], str]) -> Result:
    with _pool(1) as pool:
        try:
            return pool.submit(work, item).result()
        except BrokenProcessPool:
            raise OptiError("workers.ended", name=name(item)) from None


def _end_with_parent() -> None:
    """Let a worker end when its run was killed: it would wait for work for ever, and hold its memory.

    What it loads for its first task stays, so the collector need not look at it so often.
    """
    gc.set_threshold(50_000)
    parent = parent_process()
    if parent is not None:
        Thread(target=_outlive, args=(parent.join,), daemon=True).start()


def _outlive(join: Callable[[], None]) -> None:
    join()
    os._exit(1)
