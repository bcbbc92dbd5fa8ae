"""Absences: a member's own, and those that an owner notes for somebody."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.absences import end_absence, note_absence, stand_ins
from portal.accounts.forms import A_DAY
from portal.accounts.models import Absence, Membership
from portal.accounts.pages import MEMBER, page
from portal.accounts.reach import ACTING_ROLES
from portal.accounts.views import member_or_404
from portal.calendars.clock import civil_today


class AbsenceForm(forms.Form):
    """From when, until when, and who does the work meanwhile."""

    starts_on = forms.DateField(label=gettext_lazy("away from"), widget=A_DAY)
    ends_on = forms.DateField(
        label=gettext_lazy("away until"),
        widget=A_DAY,
        help_text=gettext_lazy("The last day of the absence, until 24:00 in Shanghai."),
    )
    stand_in = forms.ChoiceField(
        label=gettext_lazy("stand-in"),
        help_text=gettext_lazy(
            "Finds the work in My work and gets the reminders. The rights stay his own: no more than before."
        ),
    )

    def __init__(self, *args: Any, people: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].choices = [(str(one.pk), str(one.user)) for one in people]


@page(MEMBER, writes=True)
def away(request: HttpRequest) -> HttpResponse:
    """The reader's own absences; who only reads has no work that somebody else could do."""
    if request.access.is_read_only:
        raise PermissionDenied
    return absences(request, request.access.membership, _("My absences"), is_own=True)


@page("manage_members", writes=True)
def person_away(request: HttpRequest, pk: int) -> HttpResponse:
    """The absences of somebody else."""
    member = member_or_404(request, pk)
    return absences(request, member, _("Absences of %(person)s") % {"person": member.user}, is_own=False)


def absences(request: HttpRequest, member: Membership, title: str, *, is_own: bool) -> HttpResponse:
    """The absences of a member that aren't over, and the form of one more."""
    today = civil_today()
    people = list(
        Membership.objects.current(today)
        .filter(tenant=request.tenant, team_members__team__role__in=ACTING_ROLES)
        .exclude(pk=member.pk)
        .select_related("user")
        .order_by("user__name", "pk")
        .distinct()
    )
    form = AbsenceForm(request.POST or None, people=people, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        absence = Absence(
            tenant=request.tenant,
            membership=member,
            stand_in_id=int(chosen["stand_in"]),
            starts_on=chosen["starts_on"],
            ends_on=chosen["ends_on"],
        )
        try:
            with transaction.atomic():
                note_absence(absence, today=today)
        except ValidationError as error:
            for sentence in error.messages:
                form.add_error(None, sentence)
        else:
            messages.success(request, _("The absence is noted. %(person)s stands in.") % {"person": absence.stand_in})
            return redirect(request.path)
    coming = Absence.objects.filter(tenant=request.tenant, membership=member, ends_on__gte=today)
    context = {
        "title": title,
        "form": form,
        "rows": coming.select_related("stand_in__user").order_by("starts_on"),
        "is_own": is_own,
        "member": member,
        # A stand-in who is away himself, or whose access ended.
        "is_gap": Absence.objects.on(today).filter(membership=member).exists()
        and member.user_id not in stand_ins(today),
    }
    return render(request, "accounts/away.html", context, status=422 if form.errors else 200)


@page(MEMBER, writes=True)
def end_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own absence away, or as an owner anybody's; a GET leads to the page of one's own."""
    rows = Absence.objects.filter(tenant=request.tenant, pk=pk)
    if not request.access.can("manage_members"):
        rows = rows.filter(membership=request.access.membership)
    absence = rows.first()
    if absence is None:
        raise Http404
    if request.method == "POST":
        end_absence(absence)
        messages.success(request, _("The absence is ended."))
    if absence.membership_id == request.access.membership.pk:
        return redirect("accounts:away", request.tenant.slug)
    return redirect("accounts:person_away", request.tenant.slug, absence.membership_id)
