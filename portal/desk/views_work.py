"""My work, and the team's: what waits for whom, and handing it over."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.accounts.absences import stood_in_by
from portal.accounts.models import Membership, User
from portal.accounts.pages import page
from portal.accounts.reach import workers
from portal.calendars.clock import civil_today
from portal.desk.duty_filter import all_of_part
from portal.desk.hand_over import Given, give
from portal.desk.team import OpenWork, open_work_of, team_of
from portal.desk.views_duties import handed_now
from portal.desk.views_hands import numbers, person_of, with_step
from portal.desk.work import WORK_KINDS, Bundle, Part, Wanted, my_work
from portal.obligations.work import OVERDUE, URGENCIES, WEEK, Hands

# A list of so few lines is shown unfolded.
SHORT = 12


class WorkFilter(forms.Form):
    """Kind, PIP, and whose it is."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    pip = forms.ChoiceField(label=gettext_lazy("PIP"), required=False)
    whose = forms.ChoiceField(label=gettext_lazy("Whose"), required=False)
    due = forms.ChoiceField(label=gettext_lazy("Urgency"), required=False)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pips = {pip.uscc: pip for pip in request.access.pips("view_pip")}
        kinds = sorted(((code, str(name)) for code, name in WORK_KINDS.items()), key=lambda pair: pair[1])
        self.fields["kind"].choices = [("", _("all")), *kinds]
        self.fields["pip"].choices = [("", _("all")), *((uscc, pip.name) for uscc, pip in self.pips.items())]
        self.fields["whose"].choices = [("", _("all")), ("mine", _("mine")), ("free", _("nobody's yet"))]
        self.fields["due"].choices = [("", _("all")), *URGENCIES.items()]

    def wanted(self) -> Wanted:
        """What is asked for; a choice that isn't one narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        pip = self.pips.get(chosen.get("pip") or "")
        return Wanted(
            chosen.get("kind") or "", pip.pk if pip else None, chosen.get("due") or "", chosen.get("whose") or ""
        )


@page("view_pip")
def work(request: HttpRequest) -> HttpResponse:
    """All that waits for the reader, the worst first."""
    today = civil_today()
    absent = stood_in_by(request.user, today)
    hands = Hands(request.access, today, (request.user.pk, *absent))
    form = WorkFilter(request.GET, request=request)
    parts = [part for part in my_work(hands, form.wanted()) if part.bundles]
    names = {one.pk: str(one) for one in User.objects.filter(pk__in=absent)} if absent else {}
    is_filtered = any(request.GET.get(name) for name in form.fields)
    is_short = sum(len(part.lines) for part in parts) <= SHORT
    context = {
        "title": _("My work"),
        "form": form,
        "parts": parts,
        "shown": [(part, [shown(request, form, part, one, names) for one in part.bundles]) for part in parts],
        "open_parts": list(URGENCIES) if is_filtered or is_short else [OVERDUE, WEEK],
        "total": sum(part.total for part in parts),
        "is_filtered": is_filtered,
        "absent": list(names.values()),
        "may_be_away": not request.access.is_read_only,
        "may_lead": request.access.can("prepare_filing"),
    }
    return render(request, "desk/work.html", context)


def shown(
    request: HttpRequest, form: WorkFilter, part: Part, bundle: Bundle, absent: dict[int | None, str]
) -> dict[str, Any]:
    """A bundle with whose its lines are, the name of its kind, and the way to all of it where it isn't all here."""
    found: dict[str, Any] = {
        "bundle": bundle,
        "lines": [(line, absent.get(line.holder, "")) for line in bundle.lines],
        "kind": WORK_KINDS[bundle.first.kind],
    }
    if bundle.more:
        whose, pip = form.cleaned_data.get("whose", ""), form.cleaned_data.get("pip", "")
        found["url"] = all_of_part(request.tenant.slug, bundle.first.rule, urgency=part.urgency, whose=whose, pip=pip)
    return found


@page("prepare_filing")
def team(request: HttpRequest) -> HttpResponse:
    """Who has how much, what is overdue, and what is nobody's."""
    today = civil_today()
    lines, free = team_of(request.access, today)
    context = {
        "title": _("Work of the team"),
        "lines": lines,
        "free": free,
        "most": max([line.open for line in lines] + [1]),
        "handed": handed_now(request),
        "may_manage": request.access.can("manage_members"),
    }
    return render(request, "desk/team.html", context)


@page("prepare_filing", writes=True)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person's open work, all of it or what is chosen, to somebody else."""
    member = Membership.objects.filter(tenant=request.tenant, pk=pk).select_related("user").first()
    if member is None:
        raise Http404
    today, person = civil_today(), member.user
    found = open_work_of(request.access, person, today)
    if request.method == "POST":
        given = pass_on(request, found)
        return HttpResponseRedirect(with_step(reverse("desk:team", args=[request.tenant.slug]), given.step))
    context = {
        "title": _("Hand over the work of %(person)s") % {"person": person},
        "member": member,
        "found": found,
        "people": [one for one in workers(today) if one.pk != person.pk],
    }
    return render(request, "desk/hand_over.html", context)


def pass_on(request: HttpRequest, found: OpenWork) -> Given:
    """Hand over what was posted, all of it or what is ticked, and say what went and what stayed."""
    to = person_of(request)
    duties, tasks = found.all_duties, found.all_tasks
    if request.POST.get("what") != "all":
        duties = set(duties).intersection(numbers(request.POST.getlist("duty")))
        tasks = set(tasks).intersection(numbers(request.POST.getlist("task")))
    given = give(duties, tasks, to=to, by=request.user, today=civil_today())
    words = {"n": given.moved, "person": to or _("nobody in particular")}
    text = ngettext("%(n)d thing went to %(person)s.", "%(n)d things went to %(person)s.", given.moved)
    messages.success(request, text % words)
    if given.left:
        text = ngettext(
            "%(n)d thing stayed: %(person)s may not act there.",
            "%(n)d things stayed: %(person)s may not act there.",
            given.left,
        )
        messages.warning(request, text % (words | {"n": given.left}))
    return given
