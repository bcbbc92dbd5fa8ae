"""What the tests of reminders stand on: a clock that can be set, and duties with rungs."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from portal.clock.reminders import plan
from portal.obligations.models import Obligation
from tests import build

OWN, LAW, PRACTICE = "default-sign-inspection", "frm-15-initial", "cac-materials"


@pytest.fixture
def clock(house, settings, monkeypatch) -> Callable[[str], date]:
    """Sets day and hour of a real portal, in Shanghai; gives the day."""
    settings.PORTAL_TODAY = None

    def set_to(moment: str) -> date:
        at = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        monkeypatch.setattr(timezone, "now", lambda: at)
        return at.date()

    return set_to


def duty(house: build.House, rule: str, safe_on: date, *, today: date, number: int = 0, **columns) -> Obligation:
    """An open duty of a rule with its rungs planned."""
    dates = {"arose_on": today, "due_on": safe_on, "safe_on": safe_on, "firmness": "firm"}
    row = Obligation.objects.create(
        tenant=house.tenant,
        rule=rule,
        subject=f"deployment:D{number}",
        why_en="100,000 is reached.",
        why_zh="已达到100,000人。",
        **{"pip": house.pip, **dates, **columns},
    )
    plan(row.pip, [row], today=today)
    return row
