"""A PIP that passed the threshold, its duties reconciled, its first reminders handed on."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.clock.handing import hand_on
from portal.clock.reconcile import reconcile
from tests import build


@pytest.fixture
def passed(house, today):
    """100,718 persons on 2026-10-04; reconciled on 2026-10-12."""
    place = build.deployment(house.pip)
    build.device(place)
    build.count(place, 100_718, on=date(2026, 10, 4))
    reconcile(house.pip, today=today)
    hand_on(house.tenant, today=today)
    return house


@pytest.fixture
def cost():
    """The number of statements of a page."""

    def of(client, url):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url)
        assert answer.status_code == 200
        return len(queries)

    return of
