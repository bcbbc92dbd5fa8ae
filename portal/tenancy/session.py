"""Who acts, for which tenant: transaction-local settings that row-level security and the audit triggers read.

Every write and every read of a tenant's rows happens inside ``acting(...)`` (commands, tasks, tests) or inside
a request, whose middleware uses the same ``acting``. Outside of it django-scopes raises and the database shows
no row.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.db import connection, transaction
from django_scopes import scope

from portal.calendars.clock import noticed

if TYPE_CHECKING:
    from portal.tenancy.models import Tenant

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Settings:
    """What the database knows about the one who acts; empty strings mean nobody."""

    tenant: str = ""
    user: str = ""
    actor: str = ""
    verb: str = ""
    reason: str = ""
    request: str = ""


NOBODY = Settings()
_current: ContextVar[Settings] = ContextVar("portal_settings", default=NOBODY)


def current() -> Settings:
    """The settings in force in this thread."""
    return _current.get()


TELL = (
    "SELECT set_config('portal.tenant', %s, true), set_config('portal.user', %s, true),"
    " set_config('portal.actor', %s, true), set_config('portal.verb', %s, true),"
    " set_config('portal.reason', %s, true), set_config('portal.request', %s, true)"
)


def _tell_database(settings: Settings, *, asks: bool = False) -> None:
    """Say who acts; the database that is asked answers with what the calendar of working days is now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{TELL}, portal_calendar()" if asks else TELL,
            [settings.tenant, settings.user, settings.actor, settings.verb, settings.reason, settings.request],
        )
        if asks:
            noticed(cursor.fetchone()[-1])


@contextmanager
def using(settings: Settings, *, is_step: bool = False) -> Iterator[None]:
    """Put settings in force inside a transaction, and the former ones back afterwards.

    A step within what somebody does goes on with the calendar that this began with.
    """
    former = _current.get()
    token = _current.set(settings)
    _tell_database(settings, asks=not is_step)
    try:
        yield
    finally:
        _current.reset(token)
        if connection.in_atomic_block and not connection.needs_rollback:
            _tell_database(former)


def make_read_only() -> None:
    """Have the database refuse every write for the rest of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")


@contextmanager
def acting(
    tenant: "Tenant", *, actor: str, user_id: int | None = None, verb: str = "", reason: str = ""
) -> Iterator[None]:
    """One transaction as ``actor`` for ``tenant``: ``user:7``, ``system:sweep``, ``public``."""
    settings = Settings(
        tenant=str(tenant.pk),
        user=str(user_id or ""),
        actor=actor,
        verb=verb,
        reason=reason,
        request=current().request,
    )
    with transaction.atomic(), using(settings), scope(tenant=tenant):
        yield


def service(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function one transaction that the audit trail knows by its verb, such as ``filing.submit``."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            with transaction.atomic(), using(replace(_current.get(), verb=verb), is_step=True):
                return function(*args, **kwargs)

        run.verb = verb  # type: ignore[attr-defined]
        return run

    return decorate


def giving_reason(reason: str) -> "contextmanager":
    """Put the reason for a change into the trail: ``with giving_reason("typing error"): …``."""
    return using(replace(_current.get(), reason=reason), is_step=True)
