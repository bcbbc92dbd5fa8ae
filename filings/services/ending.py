"""The verbs of a termination: end the use, see the tasks through, undo it, close it (FRM Art 15)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO

from django.db.models import Exists, OuterRef, QuerySet
from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.choices import Status
from deployments.models import Deployment, Engagement, Sign
from deployments.services import dispose, end_engagement, note_return, revive, take_down_sign, terminate
from filings.chain import chain_of, standing
from filings.dates import date_of_task, days_of_task, reckoned
from filings.models import EndedDeployment, EndingTask, Extent, Filing, State, Termination, Way
from filings.services.kinds import withdraw
from filings.workflow import ENDING_MOVES, MOVES
from portal.accounts.models import User
from portal.evidence.services import keep
from portal.law.checklists import ENDING_TASKS
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip, next_reference, touch
from portal.tenancy.session import service
from portal.workflow import CaseError, StateConflict, advance, may

OVER = (Status.TERMINATED, Status.DISPOSED)
RUNNING = (Status.PLANNED, Status.ACTIVE, Status.SUSPENDED)


def in_use(pip: Pip, scenarios: Iterable[str] = (), sites: Iterable[str] = ()) -> QuerySet[Deployment]:
    """The deployments that a termination would end: all, those of scenarios, or those at sites, by their codes."""
    rows = Deployment.objects.filter(tenant_id=pip.tenant_id, pip=pip, status__in=RUNNING)
    if scenarios := list(scenarios):
        rows = rows.filter(scenario__code__in=scenarios)
    if sites := list(sites):
        rows = rows.filter(site__code__in=sites)
    return rows.select_related("tenant", "pip", "scenario", "site").order_by("code")


def ended_before(pip: Pip) -> QuerySet[Deployment]:
    """Deployments that ended one by one and that no termination names."""
    named = EndedDeployment.objects.filter(deployment=OuterRef("pk")).exclude(termination__state="undone")
    rows = Deployment.objects.filter(tenant_id=pip.tenant_id, pip=pip, status__in=OVER)
    return rows.filter(~Exists(named)).select_related("tenant", "pip", "scenario", "site").order_by("code")


def ways_of(pip: Pip, extent: str) -> list[str]:
    """Which ways the filing may take: after a partial stop a person decides."""
    if standing(chain_of(pip)) is None:
        return [Way.NOTHING]
    return [Way.CANCEL] if extent == Extent.WHOLE else [Way.CHANGE, Way.CANCEL]


@service("termination.begin")
def begin_ending(
    pip: Pip,
    *,
    extent: str,
    ended_on: date,
    reason: str,
    by: User | None,
    today: date,
    way: str = "",
    way_reason: str = "",
    scenarios: Sequence[str] = (),
    sites: Sequence[str] = (),
) -> Termination:
    """End the use of FR, wholly or in part, with everything that is to be done about it."""
    pip = Pip.objects.select_related("tenant").select_for_update(of=("self",)).get(pk=pip.pk)
    running = list(in_use(pip, scenarios, sites))
    # What was ended place by place, before anybody thought of the filing, belongs to the end of the whole.
    places = [*(ended_before(pip) if extent == Extent.WHOLE else ()), *running]
    if not places or (extent != Extent.WHOLE and not (scenarios or sites)):
        raise CaseError(_("Nothing of this is planned or in use, so nothing ends."))
    allowed = ways_of(pip, extent)
    way = way or allowed[0]
    if way not in allowed:
        raise CaseError(_("This way isn't open for what ends. Reload the page."))
    if extent != Extent.WHOLE and way != Way.NOTHING and not way_reason.strip():
        raise ValidationError({"way_reason": _("Say why the filing is changed or cancelled.")})
    termination = Termination.objects.create(
        tenant=pip.tenant,
        pip=pip,
        reference=next_reference("END", today.year),
        extent=extent,
        ended_on=ended_on,
        reason=reason,
        way=way,
        way_reason=way_reason.strip(),
        filing=standing(chain_of(pip)),
        started_at=timezone.now(),
        started_by=by,
    )
    EndedDeployment.objects.bulk_create(
        EndedDeployment(
            tenant=pip.tenant, pip=pip, termination=termination, deployment=place, former_status=place.status
        )
        for place in places
    )
    for place in running:
        terminate(place, ended_on=ended_on, today=today)
    _make_tasks(termination, places, by)
    touch(pip.pk)
    return termination


def _make_tasks(termination: Termination, places: list[Deployment], by: User | None) -> None:
    """Each task once, that of a vendor for each part that ends with its scenario."""
    wanted: list[tuple[str, Engagement | None]] = []
    for code in ENDING_TASKS:
        wanted += [(code, part) for part in _parts_ending(places)] if code == "vendor" else [(code, None)]
    EndingTask.objects.bulk_create(
        EndingTask(
            tenant_id=termination.tenant_id,
            pip_id=termination.pip_id,
            termination=termination,
            position=position,
            code=code,
            engagement=part,
            owner=by,
            due_on=reckoned(termination.ended_on, days_of_task(code)).due,
            is_own_date=False,
        )
        for position, (code, part) in enumerate(wanted)
    )


def _parts_ending(places: list[Deployment]) -> list[Engagement]:
    """The running parts of vendors with access in scenarios of which nothing goes on."""
    scenarios = {place.scenario_id for place in places}
    ended = {place.pk for place in places}
    going_on = Deployment.objects.filter(scenario__in=scenarios, status__in=RUNNING).exclude(pk__in=ended)
    over = scenarios - set(going_on.values_list("scenario_id", flat=True))
    rows = Engagement.objects.filter(scenario__in=over, returned_on__isnull=True).exclude(role="supplier")
    return list(rows.order_by("scenario__code", "id"))


@service("termination.assign")
def assign_task(task: EndingTask, *, owner: User | None, due_on: date) -> EndingTask:
    """Give a task another owner or another own date."""
    task = _open_task(task)
    # Who leaves the day as it is chose none.
    task.is_own_date = task.is_own_date or due_on != date_of_task(task).due
    task.owner, task.due_on = owner, due_on
    task.save(update_fields=["owner", "due_on", "is_own_date"])
    return task


@service("termination.task")
def finish_task(
    task: EndingTask,
    *,
    done_on: date,
    note: str,
    by: User | None,
    today: date,
    proof: IO[bytes] | None = None,
    name: str = "",
) -> EndingTask:
    """Note that a task is done; what it means for signs, vendors and places is written into the register."""
    task = _open_task(task)
    ending = task.termination
    if done_on > today:
        raise ValidationError({"done_on": _("The day lies in the future. Give the day on which it happened.")})
    if done_on < ending.ended_on and task.code in ("deletion", "vendor"):
        raise ValidationError({"done_on": _("The day lies before the end of the use. Correct it.")})
    if ENDING_TASKS[task.code].needs_proof and proof is None:
        raise ValidationError({"proof": _("Add the proof: a log, a certificate or a statement.")})
    if task.code == "vendor":
        task.evidence = _end_part(task, done_on=done_on, proof=proof, by=by, today=today)
    elif proof is not None:
        task.evidence = keep(proof, name=name, pip=ending.pip, by=by, effective_on=done_on)
    if task.code == "signs":
        _take_down(ending, done_on, today)
    if task.code == "deletion":
        for place in _places(ending, Status.TERMINATED):
            dispose(place, disposed_on=done_on, today=today)
    task.done_on, task.done_by, task.note = done_on, by, note
    task.save(update_fields=["done_on", "done_by", "note", "evidence"])
    touch(ending.pip_id)
    return task


@service("termination.undo")
def undo_ending(termination: Termination, *, reason: str, by: User | None, today: date) -> int:
    """Take the stop back until the cancellation is submitted; how many places must pass the gates again before use."""
    termination = _hold(termination)
    if not may(termination, ENDING_MOVES, "undo"):
        raise StateConflict(_("Only a termination under way can be undone. Reload the page."))
    former = dict(termination.ended.exclude(former_status__in=OVER).values_list("deployment_id", "former_status"))
    places = [place for place in _places(termination) if place.pk in former]
    if any(place.status == Status.DISPOSED for place in places):
        raise CaseError(_("The face information is disposed of, so the stop can't be undone. Start anew instead."))
    answer = termination.answer
    if answer is not None and termination.way == Way.CANCEL:
        if not may(answer, MOVES, "withdraw") or answer.state == State.REJECTED:
            raise CaseError(
                _("The cancellation %(reference)s was submitted, so the stop can't be undone.") % {"reference": answer}
            )
        withdraw(answer, by=by)
    standing_by = sum(not revive(place, former=former[place.pk], today=today) for place in places)
    advance(
        termination,
        ENDING_MOVES,
        "undo",
        conflict=_("The termination was changed meanwhile. Reload the page."),
        undo_reason=reason,
        answer=None,
    )
    touch(termination.pip_id)
    return standing_by


@service("termination.close")
def close_ending(termination: Termination, *, by: User | None, today: date) -> Termination:
    """Close a termination: every task is done, the disposal is proved, and the filing has taken its way."""
    termination = _hold(termination)
    open_tasks = [task for task in termination.tasks.all() if task.done_on is None]
    if open_tasks:
        names = "; ".join(task.get_code_display() for task in open_tasks)
        raise CaseError(_("Not everything is done yet: %(names)s.") % {"names": names})
    if termination.way == Way.CANCEL and (termination.answer is None or termination.answer.state != State.ACCEPTED):
        raise CaseError(_("The cancellation isn't accepted yet. Close the termination after that."))
    if termination.way == Way.CHANGE and _change_waits(termination):
        raise CaseError(_("The change of what is on file isn't settled yet. Close the termination after that."))
    advance(
        termination,
        ENDING_MOVES,
        "close",
        conflict=_("The termination was changed meanwhile. Reload the page."),
        closed_on=today,
    )
    return termination


def _change_waits(termination: Termination) -> bool:
    under_way = Filing.objects.filter(pip=termination.pip_id, kind="change").exclude(
        state__in=["accepted", "withdrawn"]
    )
    duty = Obligation.objects.filter(pip=termination.pip_id, rule="frm-15-change", state="open")
    return under_way.exists() or duty.exists()


def _hold(termination: Termination) -> Termination:
    rows = Termination.objects.select_related("pip", "tenant", "answer").select_for_update(of=("self",))
    return rows.get(pk=termination.pk)


def _open_task(task: EndingTask) -> EndingTask:
    rows = EndingTask.objects.select_related("termination__pip", "engagement").select_for_update(of=("self",))
    task = rows.get(pk=task.pk)
    if task.done_on is not None:
        raise StateConflict(_("This task is done already. Reload the page."))
    if task.termination.state != "running":
        raise StateConflict(_("This termination is closed or undone. Reload the page."))
    return task


def _places(termination: Termination, *statuses: str) -> list[Deployment]:
    rows = Deployment.objects.filter(endings__termination=termination).select_related("tenant", "pip", "scenario")
    return list((rows.filter(status__in=statuses) if statuses else rows).order_by("pk"))


def _take_down(termination: Termination, on: date, today: date) -> None:
    signs = Sign.objects.filter(
        deployment__endings__termination=termination, posted_on__isnull=False, removed_on__isnull=True
    )
    for sign in signs.select_related("tenant", "deployment"):
        take_down_sign(sign, removed_on=on, today=today)


def _end_part(task: EndingTask, *, done_on: date, proof: IO[bytes] | None, by: User | None, today: date):
    """The vendor's part ends, and what it was entrusted with is returned or deleted, in the register."""
    part = task.engagement
    if part.ended_on is None:
        end_engagement(
            part, ended_on=min(done_on, max(task.termination.ended_on, part.contract_on or done_on)), today=today
        )
    part.refresh_from_db()
    if part.returned_on is None:
        note_return(part, returned_on=done_on, proof=proof, by=by, today=today)
        part.refresh_from_db()
    return part.return_proof
