"""Work goes from hand to hand: duties and tasks of an end of use, one by one or many at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from filings.models import EndingTask
from portal.accounts.models import User
from portal.accounts.reach import reach
from portal.desk.models import HandedOver, HandOver
from portal.obligations.hands import permission_for
from portal.obligations.models import Obligation
from portal.tenancy.session import service
from portal.workflow import CaseError, StateConflict

# In one step; whoever has more takes two.
MOST = 5_000


@dataclass(frozen=True)
class Given:
    """What one step moved, and how much stayed because the person may not act there."""

    step: HandOver
    moved: int
    left: int


@service("work.give")
def give(duties: Iterable[int], tasks: Iterable[int] = (), *, to: User | None, by: User, today: date) -> Given:
    """Give open duties and tasks to somebody, or to nobody in particular.

    What he may not meet stays where it is; a CaseError where that is all of it.
    """
    wanted_duties = list(
        Obligation.objects.open().filter(pk__in=list(duties)).select_for_update(of=("self",)).order_by("pk")[:MOST]
    )
    wanted_tasks = list(
        EndingTask.objects.filter(pk__in=list(tasks), done_on__isnull=True)
        .select_for_update(of=("self",))
        .order_by("pk")[:MOST]
    )
    wanted = len(wanted_duties) + len(wanted_tasks)
    if not wanted:
        raise CaseError(_("Nothing that is open was chosen. Choose at least one duty."))
    if to is not None:
        held = reach(to, today)
        wanted_duties = [row for row in wanted_duties if row.pip_id in held.get(permission_for(row.rule), ())]
        wanted_tasks = [row for row in wanted_tasks if row.pip_id in held.get("edit_register", ())]
        if not wanted_duties and not wanted_tasks:
            raise CaseError(
                _("%(person)s may not act for these PIPs. Choose somebody else, or change the teams first.")
                % {"person": to}
            )
    left = wanted - len(wanted_duties) - len(wanted_tasks)
    new_id = to.pk if to else None
    items = [HandedOver(obligation=row, former_id=row.assignee_id) for row in wanted_duties]
    items += [HandedOver(task=row, former_id=row.owner_id) for row in wanted_tasks]
    items = [item for item in items if item.former_id != new_id]
    tenant_id = (wanted_duties or wanted_tasks)[0].tenant_id
    step = HandOver.objects.create(tenant_id=tenant_id, at=timezone.now(), on=today, by=by, to=to)
    for item in items:
        item.tenant_id, item.hand_over = tenant_id, step
        item.pip_id = (item.obligation or item.task).pip_id
    HandedOver.objects.bulk_create(items, batch_size=2000)
    Obligation.objects.filter(pk__in=[item.obligation_id for item in items if item.obligation_id]).update(assignee=to)
    EndingTask.objects.filter(pk__in=[item.task_id for item in items if item.task_id]).update(owner=to)
    return Given(step, len(items), left)


@service("work.take_back")
def take_back(step: HandOver, *, today: date) -> int:
    """Undo a hand-over of the same day; what went on to somebody else since stays there. How much came back."""
    if step.on != today:
        raise CaseError(_("A hand-over can be undone on its own day only. Hand the work over again instead."))
    if HandOver.objects.filter(pk=step.pk, undone_at__isnull=True).update(undone_at=timezone.now()) != 1:
        raise StateConflict(_("This hand-over was undone already. Reload the page."))
    duties: dict[int | None, list[int]] = defaultdict(list)
    tasks: dict[int | None, list[int]] = defaultdict(list)
    for obligation, task, former in step.items.values_list("obligation_id", "task_id", "former_id"):
        (duties if obligation else tasks)[former].append(obligation or task)
    still_duties = Obligation.objects.filter(assignee=step.to_id)
    still_tasks = EndingTask.objects.filter(owner=step.to_id)
    return sum(still_duties.filter(pk__in=ids).update(assignee=former) for former, ids in duties.items()) + sum(
        still_tasks.filter(pk__in=ids).update(owner=former) for former, ids in tasks.items()
    )
