"""Robots and webhooks of the house, set up and tested as an owner does it; duties that they are told of."""

import re
from datetime import date

from django.utils import timezone

from portal.notifications import services
from portal.obligations.models import Obligation, Reminder
from tests.notifications.platforms import SECRET

LAW, OWN = "frm-15-initial", "default-sign-inspection"


def code_in(text):
    return re.search(r"\b(\d{6})\b", text)[1]


def robot_of(house, kind, address, secret=SECRET, **fields):
    values = {"name": kind, "language": "en", "pips": None, "is_law_only": False} | fields
    return services.add_robot(house.tenant, kind=kind, address=address, secret=secret, **values)


def working(house, platform, **fields):
    """A robot whose test arrived."""
    robot = robot_of(house, platform.kind, platform.address, **fields)
    assert services.send_test(robot), robot.test_error
    code = code_in(platform.raw[-1].decode())
    assert services.confirm_test(robot, code, by=house.people["owner"], on=timezone.localdate())
    platform.raw.clear()
    platform.bodies.clear()
    platform.headers.clear()
    robot.refresh_from_db()
    return robot


def tell(house, rule=LAW, number=1, *, safe_on=date(2026, 10, 30), today=date(2026, 10, 12), **columns):
    """Duties of a rule, each with a rung for today."""
    dates = {"arose_on": today, "due_on": safe_on, "safe_on": safe_on, "firmness": "firm"}
    start = Obligation.objects.count()
    rows = Obligation.objects.bulk_create(
        Obligation(
            tenant=house.tenant,
            rule=rule,
            subject=f"deployment:D{start + each}",
            why_en="100,000 is reached.",
            why_zh="已达到100,000人。",
            **{"pip": house.pip, **dates, **columns},
        )
        for each in range(number)
    )
    Reminder.objects.bulk_create(
        Reminder(tenant=house.tenant, pip=row.pip, obligation=row, rung="opened", aims_at=today, send_on=today)
        for row in rows
    )
    return rows
