"""How commands name tenants: by address, through the door, then read under the tenant's own scope."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import connection

from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

ACTOR = "system:command"


def tenant_by_slug(slug: str) -> Tenant:
    """The tenant with this address; a sentence when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT door_tenant(%s)", [slug])
        pk = cursor.fetchone()[0]
    if pk is None:
        raise CommandError(f"There is no tenant with the address {slug}. Check --tenant.")
    return read(pk)


def every_tenant() -> list[Tenant]:
    """Every tenant there is, by id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id FROM door_tenants()")
        ids = [row[0] for row in cursor.fetchall()]
    return [read(pk) for pk in ids]


def read(pk: int) -> Tenant:
    """The tenant's row, which only its own scope shows."""
    with acting(Tenant(pk=pk), actor=ACTOR):
        return Tenant.objects.get(pk=pk)


def tenants(slug: str | None) -> list[Tenant]:
    """The one that was named, else all."""
    return [tenant_by_slug(slug)] if slug else every_tenant()


@contextmanager
def commanding(tenant: Tenant, verb: str = "") -> Iterator[None]:
    """Act for a tenant as the operator at the command line."""
    with acting(tenant, actor=ACTOR, verb=verb):
        yield
