"""Two people, or one impatient one, take the same step at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from filings import services
from filings.models import Filing, Freezing, Snapshot, Submission
from portal.workflow import CaseError, StateConflict
from tests import build
from tests.filings import story


@pytest.fixture
def settled(committed, settings, tmp_path) -> build.House:
    settings.EVIDENCE_ROOT = tmp_path / "vault"
    return build.house("race")


def at_once(house: build.House, act) -> list[str]:
    """What became of two equal acts begun together, each on its own connection."""
    start = Barrier(2, timeout=30)

    def run(role: str) -> str:
        try:
            with house.acting(role):
                start.wait()
                act(house.people[role])
            return "done"
        except StateConflict:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, ("owner", "officer")))


def test_double_click_freezes_and_submits_once(settled):
    with settled.acting("officer"):
        filing = story.complete(settled)
    seen = at_once(settled, lambda by: services.freeze(filing, by=by, today=story.TODAY))
    assert seen == ["done", "told"]
    with settled.acting("officer"):
        assert Snapshot.objects.count() == 1

    def submit(by) -> None:
        own = Filing.objects.get(pk=filing.pk)
        services.submit(own, by=by, on=story.TODAY, today=story.TODAY, proof=story.upload())

    assert at_once(settled, submit) == ["done", "told"]
    with settled.acting("officer"):
        assert Submission.objects.count() == 1


def test_double_click_orders_one_freezing(settled):
    with settled.acting("officer"):
        filing = story.complete(settled)
    act = lambda by: services.order_freeze(filing, by=by, today=story.TODAY, wakes_worker=False)  # noqa: E731
    assert at_once(settled, act) == ["done", "told"]
    with settled.acting("officer"):
        assert Freezing.objects.count() == 1


def test_two_who_open_the_dossier_get_one(settled):
    with settled.acting("officer"):
        story.register_facts(settled.pip)
        story.crossing(settled.pip)
        duty = story.obligation(settled.pip)
    with pytest.raises(CaseError, match="FIL-2026-0001"):
        at_once(settled, lambda by: services.open_dossier(duty, by=by, today=story.TODAY))
    with settled.acting("officer"):
        assert Filing.objects.count() == 1
