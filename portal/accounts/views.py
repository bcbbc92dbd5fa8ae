"""The people of a tenant: who is in which team, and until when."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Prefetch
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from portal.accounts import people as services
from portal.accounts.forms import EndForm, InviteForm, TeamForm
from portal.accounts.models import Membership, Team, TeamMember, TeamPip
from portal.accounts.pages import page
from portal.accounts.services import create_team
from portal.calendars.clock import civil_today

MOST_PEOPLE = 1_000


def members(request: HttpRequest):
    """Memberships of the tenant with person and teams, in three queries."""
    of_teams = TeamMember.objects.select_related("team").order_by("team__name")
    return (
        Membership.objects.filter(tenant=request.tenant)
        .select_related("user")
        .prefetch_related(Prefetch("team_members", queryset=of_teams))
    )


def standing(membership: Membership) -> str:
    """ended, invited (no password chosen yet) or active."""
    if membership.ends_on is not None and membership.ends_on < civil_today():
        return "ended"
    return "active" if membership.user.has_usable_password() else "invited"


@page("manage_members")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with access, and the teams that give it."""
    rows = list(members(request).order_by("user__name", "pk")[:MOST_PEOPLE])
    for row in rows:
        row.standing = standing(row)
    teams = (
        Team.objects.filter(tenant=request.tenant)
        .annotate(people=Count("team_members", distinct=True))
        .prefetch_related(Prefetch("team_pips", queryset=TeamPip.objects.select_related("pip")))
    )
    return render(request, "accounts/people.html", {"rows": rows, "teams": teams, "title": _("People")})


@sensitive_post_parameters()
@page("manage_members", writes=True)
def add_person(request: HttpRequest) -> HttpResponse:
    """Invite a person into a team."""
    form = InviteForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                membership = services.invite(**form.cleaned_data, by=request.user, today=civil_today())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(
                request, _("%(person)s has access now and gets a mail.") % {"person": membership.user.email}
            )
            return redirect("accounts:people", request.tenant.slug)
    context = {"form": form, "title": _("Add a person"), "save": _("Add and send the mail")}
    return render(request, "accounts/form.html", context, status=422 if form.errors else 200)


@page("manage_members", writes=True)
def add_team(request: HttpRequest) -> HttpResponse:
    """Make a team: a role for all PIPs or some."""
    form = TeamForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        create_team(form.cleaned_data["name"], form.cleaned_data["role"], pips=form.chosen_pips)
        messages.success(request, _("The team %(team)s exists now.") % {"team": form.cleaned_data["name"]})
        return redirect("accounts:people", request.tenant.slug)
    context = {"form": form, "title": _("Add a team"), "save": _("Add the team")}
    return render(request, "accounts/form.html", context, status=422 if form.errors else 200)


def member_or_404(request: HttpRequest, pk: int) -> Membership:
    """A membership of this tenant."""
    membership = members(request).filter(pk=pk).first()
    if membership is None:
        raise Http404
    membership.standing = standing(membership)
    return membership


@page("manage_members", writes=True)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: teams, and until when the access lasts."""
    membership = member_or_404(request, pk)
    form = EndForm(request.POST or None, initial={"ends_on": membership.ends_on})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.change_end(membership, on=form.cleaned_data["ends_on"], today=civil_today())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The end of access is changed."))
            return redirect("accounts:person", request.tenant.slug, pk)
    context = {"form": form, "row": membership, "title": str(membership.user)}
    return render(request, "accounts/person.html", context, status=422 if form.errors else 200)


@page("manage_members", writes=True)
def end_access(request: HttpRequest, pk: int) -> HttpResponse:
    """End a person's access at once."""
    membership = member_or_404(request, pk)
    if request.method == "POST":
        services.end_now(membership, today=civil_today())
        messages.success(request, _("The access of %(person)s has ended.") % {"person": membership.user})
    return redirect("accounts:person", request.tenant.slug, pk)


@page("manage_members", writes=True)
def send_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the mail with the link once more to somebody who has chosen no password yet."""
    membership = member_or_404(request, pk)
    if request.method == "POST" and membership.standing == "invited":
        user, workspace, by = membership.user, request.tenant.name, request.user
        transaction.on_commit(lambda: services.send_invitation(user, workspace, by), robust=True)
        messages.success(request, _("A new link is on its way to %(person)s.") % {"person": user.email})
    return redirect("accounts:person", request.tenant.slug, pk)
