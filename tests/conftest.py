"""Real parts for every test: a clone of the migrated database, a Redis-protocol server, the role that serves."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date

import pytest
from django.conf import settings as portal_settings
from django.core.cache import cache
from django.db import connections
from django.test import override_settings
from django.utils import translation

from portal.calendars.clock import noticed
from portal.embedded import testing
from tests import build

TODAY = "2026-10-12"


def pytest_configure() -> None:
    """The folder of collected files, which the middleware wants even while the tests serve from the sources."""
    portal_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """The databases are clones of our own template."""


def point_at(name: str) -> None:
    """Let both connections use the database of that name."""
    for connection in connections.all():
        connection.close()
        connection.settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[build.House]:
    """One clone for all tests that roll back, with the house in which most of them play: its making took half of
    their time."""
    with django_db_blocker.unblock():
        testing.start_test_servers()
        name = testing.clone("main")
        point_at(name)
        with override_settings(PORTAL_TODAY=TODAY):
            made = build.house("acme")
    yield made
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()
    testing.drop(name)


@pytest.fixture
def committed(django_db_setup, django_db_blocker, request) -> Iterator[str]:
    """A fresh clone for a test with committed data, seen by other processes; its name."""
    main = connections["default"].settings_dict["NAME"]
    name = testing.clone(f"t{abs(hash(request.node.nodeid)) % 10**8}")
    with django_db_blocker.unblock():
        point_at(name)
        try:
            yield name
        finally:
            point_at(main)
    testing.drop(name)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences outside a request are compared in English; a request speaks its reader's language."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def shipped_calendar() -> None:
    """A notice that another test confirmed went with its rows; this thread need not be told by a transaction first."""
    noticed("")


@pytest.fixture
def today(settings) -> date:
    """The civil day of the test: Monday 2026-10-12."""
    settings.PORTAL_TODAY = TODAY
    return date.fromisoformat(TODAY)


@pytest.fixture
def house(db, today, django_db_setup) -> Iterator[build.House]:
    """A tenant with one PIP, one person of each role, and its scope open as the officer."""
    made = deepcopy(django_db_setup)
    # How often these people tried a password in other tests is no business of this one.
    cache.clear()
    with made.acting("officer"):
        yield made


@pytest.fixture
def stranger(db, today) -> build.House:
    """Another tenant with the same shape."""
    return build.house("stranger", uscc="91330106MA2HTEXTX3")
