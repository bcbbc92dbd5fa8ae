"""What filings show on the pages of lower storeys."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deployments.models import Deployment, Scenario, ThresholdCrossing
from filings.facts import named
from filings.joint import Member, members_of
from filings.models import ChangeCase, Filing, State, Termination
from filings.services import language
from filings.views.filing import badge_of
from filings.views.joint import may_take_in
from filings.views.papers import read_lines
from filings.workflow import EDITABLE
from portal.calendars.clock import civil_today, working_days_left
from portal.cases.models import Case
from portal.law.threshold import FIRST_FILING
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip
from portal.ui.marks import number
from portal.ui.panels import Panel


def of_deployment(request: HttpRequest, deployment: Deployment) -> Panel | None:
    """The filings that cover a deployment, with their number once accepted, and the end of its use."""
    endings = Termination.objects.filter(tenant=request.tenant, ended__deployment=deployment).exclude(state="undone")
    return _covering(request, deployment.scenario_id, deployment.pip_id, list(endings.select_related("tenant")))


def of_scenario(request: HttpRequest, scenario: Scenario) -> Panel | None:
    """The filings that cover a scenario, with their number once accepted."""
    return _covering(request, scenario.pk, scenario.pip_id, [])


def line_of(request: HttpRequest, filing: Filing, pip_id: int) -> dict[str, Any]:
    """A filing on the page of what it covers; of a joint one whose it is, and whether the reader may open it."""
    is_joint = filing.pip_id != pip_id
    return {
        "filing": filing,
        "badge": badge_of(filing.state),
        "leader": filing.pip.name if is_joint else "",
        "is_seen": not is_joint or request.access.can("view_pip", filing.pip_id),
    }


def _covering(request: HttpRequest, scenario_id: int, scenario_pip: int, endings: list[Termination]) -> Panel | None:
    of = Q(covered__scenario_id=scenario_id) | Q(joint_uses__scenario_id=scenario_id)
    rows = Filing.objects.filter(of, tenant=request.tenant).exclude(state="withdrawn").distinct()
    filings = list(rows.select_related("tenant", "pip"))
    if not filings and not endings:
        return None
    context = {"lines": [line_of(request, row, scenario_pip) for row in filings], "endings": endings}
    return Panel(_("Filing"), "filings/_of_deployment.html", context, order=60)


def of_filing(request: HttpRequest, filing: Filing) -> Panel:
    """How the scans are read, and what is at the seal."""
    lines = read_lines(request, filing)
    context = {
        "lines": lines,
        "away": sum(line["document"].state == "to_seal" for line in lines),
        "seal_url": reverse("filings:seal", args=[request.tenant.slug, filing.reference]),
    }
    return Panel(_("Scans and seal"), "filings/_of_filing.html", context, order=20)


def of_members(request: HttpRequest, filing: Filing) -> Panel | None:
    """The members of a joint filing; where several PIPs are to be filed, the way to cover them."""
    prepares = request.access.can("prepare_filing", filing.pip_id)
    found = members_of(filing, civil_today())
    may_add = prepares and len(request.access.pips("prepare_filing")) > 1 and may_take_in(filing)
    if not found and not may_add:
        return None
    rows = Obligation.objects.filter(pip__in=[one.pip.pk for one in found], rule__in=FIRST_FILING)
    duties = {row.pip_id: row for row in rows.order_by("state")} if found else {}
    may_leave = prepares and (filing.state in EDITABLE or may_add)
    lines = [
        {
            "member": one,
            "is_seen": request.access.can("view_pip", one.pip),
            "duty": (duty := duties.get(one.pip.pk)),
            "left": working_days_left(civil_today(), duty.due_on) if duty and duty.due_on else None,
            "out_url": reverse("filings:member_out", args=[request.tenant.slug, filing.reference, one.pip.pk])
            if may_leave
            else "",
        }
        for one in found
    ]
    context = {
        "members": lines,
        "words": dict.fromkeys((use.agreed_on, use.agreed_how) for one in found for use in one.uses),
        "note": note_of(found),
        "add_url": reverse("filings:members", args=[request.tenant.slug, filing.reference]) if may_add else "",
    }
    return Panel(_("Members of the joint filing"), "filings/_members.html", context, order=10)


def note_of(members: list[Member]) -> str:
    """How many members, and how many persons they store."""
    persons = number(sum(one.persons for one in members))
    text = ngettext(
        "%(count)d member · %(persons)s persons, overlap not deducted",
        "%(count)d members · %(persons)s persons, overlap not deducted",
        len(members),
    )
    return text % {"count": len(members), "persons": persons} if members else ""


def of_group(request: HttpRequest, _subject: Any) -> Panel:
    """The way to what the PIPs could file together."""
    return Panel(_("Filing"), "filings/_of_group.html", {}, order=30)


def of_inspection(request: HttpRequest, case: Case) -> Panel:
    """The dossiers of the PIP that is inspected; each gives its pack with the hashes."""
    rows = Filing.objects.filter(tenant=request.tenant, pip_id=case.pip_id).select_related("tenant")
    context = {"lines": [{"filing": row, "badge": badge_of(row.state)} for row in rows]}
    return Panel(_("Filing"), "filings/_of_inspection.html", context, order=30)


def of_pip(request: HttpRequest, pip: Pip) -> Panel | None:
    """The filings of a PIP, or the button that opens the first dossier once the crossing is confirmed."""
    of = Q(pip=pip) | Q(joint_uses__pip=pip) & ~Q(state=State.WITHDRAWN)
    rows = Filing.objects.filter(of, tenant=request.tenant).distinct()
    filings = list(rows.select_related("tenant", "obligation", "pip"))
    duty = None
    if not filings:
        duty = Obligation.objects.filter(tenant=request.tenant, pip=pip, rule__in=FIRST_FILING, state="open").first()
        if duty is None:
            return None
    return _panel(request, pip.pk, filings, duty)


def _panel(request: HttpRequest, pip_id: int, filings: list[Filing], duty: Obligation | None) -> Panel:
    is_confirmed = ThresholdCrossing.objects.filter(tenant=request.tenant, pip_id=pip_id).exists()
    context = {
        "lines": [line_of(request, row, pip_id) for row in filings],
        "duty": duty,
        "is_confirmed": is_confirmed,
        "may_open": is_confirmed and request.access.can("prepare_filing", pip_id),
        "may_end": all(request.access.can(name, pip_id) for name in ("prepare_filing", "edit_register")),
    }
    return Panel(_("Filing"), "filings/_of_pip.html", context, order=30)


MOST_SHOWN = 5


def changes_of_filing(request: HttpRequest, filing: Filing) -> Panel | None:
    """The changes of what this filing says that wait, and the way to the comparison; once something is frozen."""
    if filing.state not in (State.SUBMITTED, State.ACCEPTED):
        return None
    url = reverse("filings:today", args=[request.tenant.slug, filing.reference])
    # Those of the filing's other rounds wait as well, and those that it carries as a change filing.
    return _changes(request, Q(against__filing=filing) | Q(filing=filing), today_url=url)


def changes_of_scenario(request: HttpRequest, scenario: Scenario) -> Panel | None:
    """The changes of a scenario that wait; nothing where none does."""
    return _changes(request, Q(scenario=scenario))


def changes_of_pip(request: HttpRequest, pip: Pip) -> Panel | None:
    """The changes of a PIP that wait; nothing where none does."""
    return _changes(request, Q(pip=pip))


def _changes(request: HttpRequest, which: Q, *, today_url: str = "") -> Panel | None:
    rows = ChangeCase.objects.filter(which, tenant=request.tenant).waiting().select_related("scenario", "filing")
    found = list(rows.order_by("effective_on", "id")[: MOST_SHOWN + 1])
    more = rows.count() - MOST_SHOWN if len(found) > MOST_SHOWN else 0
    if not found and not today_url:
        return None
    for row in found:
        row.tenant = request.tenant
    context: dict[str, Any] = {
        "lines": [{"change": row, "title": named(row).in_(language())} for row in found[:MOST_SHOWN]],
        "more": more,
        "today_url": today_url,
    }
    return Panel(_("Changes since it was filed"), "filings/_changes.html", context, order=5)
