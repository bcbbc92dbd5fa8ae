"""A piece of work that one process at a time may hold: the database's lock ends with the holder, however it dies."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def held(lock: int) -> Iterator[bool]:
    """Whether this process may do the work behind the lock; whoever is told no leaves it to the one who holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine and is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def is_usable() -> bool:
    """Whether the connection can still be told to tidy up; one that broke has forgotten locks and stages by itself."""
    raw = connection.connection
    return raw is not None and not raw.closed and not connection.needs_rollback
