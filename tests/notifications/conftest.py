"""Robots whose platforms are servers on loopback."""

import pytest

from tests.notifications.platforms import running


@pytest.fixture(autouse=True)
def loopback(settings):
    """Platforms may live here, and nobody waits for long."""
    settings.OUTGOING_MAY_BE_PRIVATE = True
    settings.ROBOT_HOSTS = dict.fromkeys(settings.ROBOT_HOSTS, ["127.0.0.1", "nowhere.invalid"])
    settings.OUTGOING_CONNECT_SECONDS, settings.OUTGOING_READ_SECONDS, settings.OUTGOING_TOTAL_SECONDS = 0.5, 0.5, 1


@pytest.fixture
def platform(request):
    """A running platform of the kind that the test names."""
    with running(getattr(request, "param", "wecom")) as made:
        yield made
