"""A tenant sets its own ladder: open duties get the new rungs at once, and nothing is told twice."""

from collections.abc import Collection
from datetime import date

from django.db import connection
from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.calendars.clock import calendar
from portal.clock.models import ESCALATE_AFTER, MOST_DAYS, MOST_RUNGS, Ladder
from portal.law.engine import STATUTORY
from portal.law.threshold import LADDER
from portal.law.workdays import CalendarError
from portal.obligations.models import Obligation
from portal.tenancy.session import service


@service("ladder.set")
def set_ladder(days: Collection[int], *, escalate_after: int, today: date) -> list[int]:
    """Set the working days before a date on which people are reminded; the ladder that holds from now on.

    The portal's own ladder is kept as no row. Rungs that are planned and stand in it no more are cancelled, new ones
    from today on are planned.
    """
    wanted = sorted(set(days), reverse=True)
    if not wanted or len(wanted) > MOST_RUNGS or wanted[0] > MOST_DAYS or wanted[-1] < 0:
        text = _("Give one to %(rungs)s numbers of working days, each from 0 to %(days)s.")
        raise ValidationError({"days": text % {"rungs": MOST_RUNGS, "days": MOST_DAYS}})
    own = Ladder.objects.select_for_update().first()
    if (tuple(wanted), escalate_after) == (LADDER, ESCALATE_AFTER):
        Ladder.objects.all().delete()
    else:
        own = own or Ladder()
        own.days, own.escalate_after = wanted, escalate_after
        own.full_clean(exclude=["tenant"])
        own.save()
    replan(wanted, today=today)
    return wanted


def replan(days: Collection[int], *, today: date) -> None:
    """Give the open duties of the tenant in scope this ladder, in one statement for what goes and one for what comes.

    Of a day on which a duty has another rung nothing is planned: nobody is told twice on it.
    """
    aims = Obligation.objects.open().filter(safe_on__gte=today, due_at=None).order_by()
    steps = steps_of(aims.values_list("safe_on", flat=True).distinct(), {*days, 0}, today)
    names = [str(each) for each in days]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE obligations_reminder rung SET state = 'cancelled', settled_why = 'ladder', settled_at = %(now)s"
            " FROM obligations_obligation duty"
            " WHERE rung.tenant_id = portal_tenant() AND rung.state = 'planned' AND rung.rung ~ '^[0-9]+$'"
            " AND duty.tenant_id = rung.tenant_id AND duty.id = rung.obligation_id"
            " AND rung.rung <> ALL (%(names)s::text[])"
            " AND NOT (rung.rung = '0' AND duty.rule = ANY (%(law)s::text[]))",
            {"now": timezone.now(), "names": names, "law": list(STATUTORY)},
        )
        cursor.execute(
            "INSERT INTO obligations_reminder AS rung"
            " (tenant_id, pip_id, obligation_id, rung, aims_at, send_on, state, is_late, settled_why)"
            " SELECT duty.tenant_id, duty.pip_id, duty.id, step.rung, duty.safe_on, step.send_on, 'planned', false, ''"
            " FROM obligations_obligation duty"
            " JOIN unnest(%(aims)s::date[], %(rungs)s::text[], %(sends)s::date[]) AS step (aim, rung, send_on)"
            "  ON step.aim = duty.safe_on"
            " WHERE duty.tenant_id = portal_tenant() AND duty.state = 'open' AND duty.due_at IS NULL"
            " AND (step.rung = ANY (%(names)s::text[]) OR duty.rule = ANY (%(law)s::text[]))"
            " AND NOT EXISTS (SELECT 1 FROM obligations_reminder other WHERE other.obligation_id = duty.id"
            "  AND other.rung <> step.rung AND (other.told_on = step.send_on"
            "  OR other.send_on = step.send_on AND other.state IN ('planned', 'silenced')))"
            " ON CONFLICT (obligation_id, rung, aims_at) DO UPDATE"
            "  SET state = 'planned', settled_why = '', settled_at = NULL"
            "  WHERE rung.state = 'cancelled' AND rung.settled_why = 'ladder'",
            {
                "aims": [aim for aim, _rung, _send_on in steps],
                "rungs": [rung for _aim, rung, _send_on in steps],
                "sends": [send_on for _aim, _rung, send_on in steps],
                "names": names,
                "law": list(STATUTORY),
            },
        )


def steps_of(aims: Collection[date], days: Collection[int], today: date) -> list[tuple[date, str, date]]:
    """(date to aim at, rung, day on which it goes) from today on; dates of a year without a calendar have none."""
    steps = []
    for aim in aims:
        try:
            sends = [(str(each), calendar().back(aim, each)) for each in sorted(days)]
        except CalendarError:
            continue
        steps += [(aim, rung, send_on) for rung, send_on in sends if send_on >= today]
    return steps
