"""Pages that open a change or a cancellation of what is on file, or take it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from filings import services
from filings.facts import named
from filings.forms import ChangesForm
from filings.joint import covering
from filings.models import ChangeCase, Filing
from filings.services.kinds import moved_from, on_file, waiting_changes
from filings.views.chain import Authority
from filings.views.steps import get
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.sources import ANNOUNCEMENT, FRM
from portal.tenancy.models import Pip


@page("prepare_filing", writes=True)
def open_change(request: HttpRequest, uscc: str) -> HttpResponse:
    """Choose the changes that one filing carries, and open it."""
    pip = request.access.get(Pip.objects.select_related("tenant"), "prepare_filing", uscc=uscc)
    joint = covering(pip)
    if joint is not None and request.access.can("prepare_filing", joint.pip_id):
        # A member's changes are filed by the PIP that leads.
        return redirect("filings:open_change", request.tenant.slug, joint.pip.uscc)
    former, cases = on_file(pip), waiting_changes(pip)
    moved = moved_from(former)
    form = ChangesForm(
        request.POST if request.method == "POST" else None,
        cases=[(case.reference, label_of(case, pip)) for case in cases],
        has_moved=bool(moved),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            filing = _open(request, pip, [case for case in cases if case.reference in data["changes"]], data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The dossier %(reference)s is open.") % {"reference": filing.reference})
            return redirect(filing)
    context = {
        "pip": pip,
        "former": former,
        "form": form,
        "has_cases": bool(cases),
        "authorities": [Authority(moved), Authority(pip.province)] if moved else [],
        "cites": (FRM(15), ANNOUNCEMENT()),
    }
    return render(request, "filings/open_change.html", context, status=422 if form.is_bound else 200)


def _open(request: HttpRequest, pip: Pip, chosen: list[ChangeCase], data: dict) -> Filing:
    today, why = civil_today(), data.get("way_reason", "")
    if data.get("way") == "cancel":
        moves = [case.effective_on for case in chosen if case.item == "province"]
        moved_on = min(moves or [case.effective_on for case in chosen])
        return services.open_move(pip, moved_on=moved_on, way_reason=why, by=request.user, today=today)
    return services.open_change(pip, chosen, by=request.user, today=today, way_reason=why)


def label_of(case: ChangeCase, pip: Pip) -> str:
    """A change as it is chosen: its number, of which member, what changed, and since when."""
    member = [case.pip.name] if case.pip_id != pip.pk else []
    what = named(case).in_(services.language())
    return " · ".join([case.reference, *member, what, case.effective_on.isoformat()])


@page("prepare_filing", writes=True)
def open_anew(request: HttpRequest, reference: str) -> HttpResponse:
    """File anew with the authority of the new place; a GET leads to the record."""
    filing = get(request, "prepare_filing", reference)
    if request.method != "POST":
        return redirect(filing)
    made = services.open_anew(filing, by=request.user, today=civil_today())
    messages.success(request, _("The dossier %(reference)s is open.") % {"reference": made.reference})
    return redirect(made)


@page("prepare_filing", writes=True)
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a change or a cancellation back; a GET leads to the record."""
    filing = get(request, "prepare_filing", reference)
    if request.method == "POST":
        services.withdraw(filing, by=request.user)
        messages.success(request, _("The filing is taken back. Its changes wait for another one."))
    return redirect(filing)
