"""Two registers, one ten times the other, committed and analysed as autovacuum would have them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connections
from django.test import Client

from bench.data import GIANT, Size, load
from portal.accounts.models import User
from portal.embedded import testing
from tests.conftest import point_at

# One tenant of fifty has a seventh of the rows, enough for the cap of the count.
SIZES = {
    1: Size(50, 3, 1_200, 7_200, 5_000, 0, 0, 0),
    10: Size(50, 3, 12_000, 72_000, 50_000, 0, 0, 0),
}


@pytest.fixture(scope="session")
def loaded(django_db_setup, django_db_blocker) -> Iterator[dict[int, str]]:
    """The names of the databases by how many times the rows they hold."""
    with django_db_blocker.unblock():
        servers = testing.start_test_servers()
        names = {times: testing.clone(f"perf{times}") for times in SIZES}
        for times, name in names.items():
            load(servers.dsn("postgres", name), SIZES[times])
    yield names
    with django_db_blocker.unblock():
        for name in names.values():
            testing.drop(name)


@pytest.fixture
def at_size(loaded, django_db_blocker, today) -> Iterator[Callable]:
    """``with at_size(10) as client``: the owner of the tenant with most rows is signed in."""
    main = connections["default"].settings_dict["NAME"]

    @contextmanager
    def use(times: int) -> Iterator[Client]:
        point_at(loaded[times])
        client = Client()
        client.force_login(User.objects.get(pk=GIANT), backend="allauth.account.auth_backends.AuthenticationBackend")
        yield client

    with django_db_blocker.unblock():
        yield use
        point_at(main)
