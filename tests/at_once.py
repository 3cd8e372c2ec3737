"""Doing things at the same instant: a thread and a database connection for each."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Generic, TypeVar

from django.db import connections

T = TypeVar("T")


class Doing(Thread, Generic[T]):
    """A thread that waits for all the others, does one thing, and keeps what came of it."""

    def __init__(self, do: Callable[[], T], ready: Barrier) -> None:
        super().__init__(daemon=True)
        self.do = do
        self.ready = ready
        self.came: list[T] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        """Wait, do it, and close the thread's connections."""
        try:
            self.ready.wait()
            self.came.append(self.do())
        except BaseException as error:
            self.error = error
        finally:
            connections.close_all()


def at_once(things: Sequence[Callable[[], T]]) -> list[T]:
    """Do all of them at once; what came of each, in their order. The first error that one had is raised."""
    ready = Barrier(len(things))
    threads = [Doing(do, ready) for do in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for thread in threads:
        if thread.error is not None:
            raise thread.error
    return [came for thread in threads for came in thread.came]
