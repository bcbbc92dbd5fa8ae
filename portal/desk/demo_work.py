"""Who has which duty in the demo, what people say about one, and who is away next week."""

from datetime import date, timedelta

from portal.accounts.absences import note_absence
from portal.accounts.models import Absence, Membership, User
from portal.accounts.reach import readers_of
from portal.desk.hand_over import give
from portal.obligations.models import Obligation, Remark
from portal.obligations.remarks import write_remark

SIGNS_GIVEN = 6
REMARK = "@王敏 西部公司 10 月 4 日的人数已按证件号去重，请确认口径后再定达到备案人数的日期。"


def share_work(made: dict[str, User], *, today: date) -> None:
    """A few duties given to people, a remark that waits for the owner, an absence of the operator; done once."""
    if Remark.objects.exists():
        return
    officer, operator = made["officer"], made["operator"]
    open_ones = Obligation.objects.open()
    count = open_ones.filter(rule="frm-15-confirm-count").select_related("pip").first()
    cases = open_ones.filter(rule="default-case-reply").values_list("pk", flat=True)
    signs = open_ones.filter(rule="frm-13-sign").order_by("subject").values_list("pk", flat=True)[:SIGNS_GIVEN]
    give([*cases, *([count.pk] if count else [])], to=officer, by=officer, today=today)
    give(signs, to=operator, by=officer, today=today)
    if count is not None:
        write_remark(count, REMARK, by=officer, readers=readers_of(count.pip_id, today))
    away, stand_in = (Membership.objects.get(user=person) for person in (operator, officer))
    monday = today + timedelta(days=7 - today.weekday())
    note_absence(
        Absence(membership=away, stand_in=stand_in, starts_on=monday, ends_on=monday + timedelta(days=4)), today=today
    )
