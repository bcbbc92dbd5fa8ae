"""Pages of a joint filing: take members in on the authority's word, and leave one out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments.models import Scenario
from filings import services
from filings.chain import chain_of, standing
from filings.forms import day_field
from filings.joint import candidates
from filings.models import Filing, Kind
from filings.views.steps import get
from filings.workflow import EDITABLE
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.evidence.fields import EvidenceField
from portal.evidence.services import PAPERS
from portal.law.sources import DEFAULT, FRM, PRACTICE
from portal.tenancy.models import Pip

CITES = (FRM(15), PRACTICE("file-together"), DEFAULT("sameness"))


class JoinForm(forms.Form):
    """Which uses the filing covers too, and who at the authority agreed to it."""

    uses = forms.MultipleChoiceField(label=gettext_lazy("uses"), widget=forms.CheckboxSelectMultiple)
    agreed_on = day_field(gettext_lazy("authority agreed on"))
    agreed_how = forms.CharField(
        label=gettext_lazy("who agreed, and how"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Name the authority and the person, and say whether it was by letter or by phone. For members in other"
            " provinces say so expressly."
        ),
    )
    proof = EvidenceField(label=gettext_lazy("letter or note of the call"), allowed=PAPERS, required=False)

    def __init__(self, *args: Any, uses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uses"].choices = uses


def stands(filing: Filing) -> bool:
    """Whether this very filing is what is on file now."""
    last = standing(chain_of(filing.pip_id))
    return last is not None and last.pk == filing.pk


def may_take_in(filing: Filing) -> bool:
    """Whether members may join: a dossier in preparation, or by a change of the one that stands."""
    if filing.kind == Kind.TERMINATION:
        return False
    return filing.state in EDITABLE or stands(filing)


@page("prepare_filing", writes=True)
def members(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose the uses of other PIPs that the filing covers too."""
    filing = get(request, "prepare_filing", reference)
    if not may_take_in(filing):
        messages.warning(request, _("Members join a dossier in preparation, or by a change of the one that stands."))
        return redirect(filing)
    pips = request.access.pips("prepare_filing")
    rows = Scenario.objects.filter(tenant=request.tenant, pip__in=pips).in_scope().exclude(pip=filing.pip_id)
    found = candidates(filing, pips, list(rows.select_related("pip").order_by("pip__name", "code")))
    known = {str(use.pk): (use, like) for use, like in found}
    form = JoinForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        uses=[(key, label_of(use, like)) for key, (use, like) in known.items()],
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        chosen = [known[key] for key in data["uses"]]
        try:
            filing = take_in(request, filing, chosen, data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The members are in the dossier. Its papers are filled again when frozen."))
            return redirect(filing.get_absolute_url() + "#members")
    context = {
        "filing": filing,
        "form": form,
        "has_candidates": bool(known),
        "opens_change": filing.state not in EDITABLE,
        "cites": CITES,
    }
    return render(request, "filings/members.html", context, status=422 if form.is_bound else 200)


def label_of(use: Scenario, like: Scenario) -> str:
    """A use as it is chosen: whose it is, its name, and which covered one it is like."""
    return _("%(pip)s · %(use)s (same as %(like)s)") % {"pip": use.pip.name, "use": use.name, "like": like.name}


def take_in(
    request: HttpRequest, filing: Filing, chosen: list[tuple[Scenario, Scenario]], data: dict[str, Any]
) -> Filing:
    """Into the dossier, or into a change of it that is opened for them."""
    today = civil_today()
    if filing.state not in EDITABLE:
        newcomers = list({use.pip_id: use.pip for use, _like in chosen}.values())
        filing = services.open_joining(filing.pip, newcomers, by=request.user, today=today)
    services.join(
        filing,
        chosen,
        agreed_on=data["agreed_on"],
        agreed_how=data["agreed_how"],
        proof=data["proof"],
        name=data["proof"].name if data["proof"] else "",
        by=request.user,
        today=today,
    )
    return filing


@page("prepare_filing", writes=True)
def member_out(request: HttpRequest, reference: str, member: int) -> HttpResponse:
    """Leave a member out: of a dossier in preparation at once, else by a change of the one that stands."""
    filing = get(request, "prepare_filing", reference)
    pip = Pip.objects.filter(tenant=request.tenant, pk=member, joint_uses__filing=filing).first()
    if pip is None or not request.access.can("view_pip", pip):
        raise Http404
    if request.method == "POST" and filing.state in EDITABLE:
        services.leave_out(filing, pip)
        messages.success(request, _("%(pip)s is left out of the dossier.") % {"pip": pip.name})
    elif request.method == "POST":
        filing = services.open_leaving(filing.pip, pip, by=request.user, today=civil_today())
        messages.success(request, _("The dossier %(reference)s is open.") % {"reference": filing.reference})
    return redirect(filing.get_absolute_url() + "#members")
