"""Giving duties to people, taking that back, and what people say about a duty."""

from django.contrib import messages
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.accounts.pages import page
from portal.accounts.reach import readers_of, workers
from portal.calendars.clock import civil_today
from portal.desk.hand_over import Given, give, take_back
from portal.desk.models import HandOver
from portal.desk.remark_form import RemarkForm
from portal.desk.views_duties import may_give, page_of_duty
from portal.obligations.models import Obligation, Remark
from portal.obligations.remarks import read_duty, reopen, resolve, write_remark

# Ids in one post: a page of the list has fifty.
MOST_CHOSEN = 500


def numbers(values: list[str]) -> list[int]:
    """The ids among what was posted."""
    return [int(value) for value in values if value.isdecimal() and len(value) < 19][:MOST_CHOSEN]


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The page of this workspace that the reader came from."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ours and target.startswith(f"/t/{request.tenant.slug}/") else otherwise


def with_step(url: str, step: HandOver) -> str:
    """The page with the hand-over named, so that it offers to take it back."""
    path, _mark, query = url.partition("?")
    values = QueryDict(query, mutable=True)
    values["handed"] = str(step.pk)
    return f"{path}?{values.urlencode()}"


def person_of(request: HttpRequest) -> User | None:
    """Whom the work goes to: nobody for an empty choice; 404 for a stranger."""
    chosen = request.POST.get("person", "")
    if not chosen:
        return None
    found = next((one for one in workers(civil_today()) if str(one.pk) == chosen), None)
    if found is None:
        raise Http404
    return found


def tell(request: HttpRequest, given: Given, to: User | None) -> None:
    """Say what moved and what stayed."""
    words = {"n": given.moved, "person": to}
    if to is None:
        text = ngettext("%(n)d duty is nobody's now.", "%(n)d duties are nobody's now.", given.moved) % words
    elif to.pk == request.user.pk:
        text = ngettext("%(n)d duty is yours now.", "%(n)d duties are yours now.", given.moved) % words
    else:
        text = ngettext("%(n)d duty went to %(person)s.", "%(n)d duties went to %(person)s.", given.moved) % words
    messages.success(request, text)
    if given.left:
        stayed = ngettext(
            "%(n)d duty stayed: %(person)s may not act for its PIP.",
            "%(n)d duties stayed: %(person)s may not act for their PIPs.",
            given.left,
        )
        messages.warning(request, stayed % {"n": given.left, "person": to})


@page("view_pip", writes=True)
def assign(request: HttpRequest) -> HttpResponse:
    """Give the chosen duties to a person, or take them oneself; a GET leads to the list."""
    target = came_from(request, reverse("desk:obligations", args=[request.tenant.slug]))
    if request.method != "POST":
        return HttpResponseRedirect(target)
    to = person_of(request)
    rows = request.access.rows(Obligation).filter(pk__in=numbers(request.POST.getlist("duty")))
    chosen = [row.pk for row in rows if may_give(request.access, row)]
    given = give(chosen, to=to, by=request.user, today=civil_today())
    tell(request, given, to)
    return HttpResponseRedirect(with_step(target, given.step) if given.moved else target)


@page("view_pip", writes=True)
def assign_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own hand-over of today back; a GET leads to the list."""
    step = HandOver.objects.filter(tenant=request.tenant, by=request.user, pk=pk).first()
    if step is None:
        raise Http404
    target = came_from(request, reverse("desk:obligations", args=[request.tenant.slug]))
    if request.method == "POST":
        number = take_back(step, today=civil_today())
        text = ngettext("%(n)d is back where it was.", "%(n)d are back where they were.", number)
        messages.success(request, text % {"n": number})
    return HttpResponseRedirect(target)


def duty_of(request: HttpRequest, pk: int) -> Obligation:
    """The duty that the reader sees; 404 for any other."""
    return request.access.get(Obligation.objects.select_related("pip", "tenant", "assignee"), "view_pip", pk=pk)


@page("view_pip", writes=True)
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something about a duty; a GET leads to its page."""
    duty = duty_of(request, pk)
    target = f"{duty.get_absolute_url()}#remarks"
    if request.method != "POST":
        return HttpResponseRedirect(target)
    readers = readers_of(duty.pip_id, civil_today())
    form = RemarkForm(request.POST, readers=readers)
    if form.is_valid():
        try:
            write_remark(duty, form.cleaned_data["text"], by=request.user, readers=readers, chosen=form.chosen)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return HttpResponseRedirect(target)
    return render(request, "desk/obligation.html", page_of_duty(request, duty) | {"remark_form": form}, status=422)


@page("view_pip", writes=True)
def remarks_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark what was said to the reader about a duty as read, and go there."""
    duty = duty_of(request, pk)
    if request.method == "POST":
        read_duty(duty, by=request.user)
    return HttpResponseRedirect(f"{duty.get_absolute_url()}#remarks")


@page("view_pip", writes=True)
def remark_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle a remark, or take a settled one up again; a GET leads to its duty."""
    row = request.access.get(Remark.objects.select_related("obligation__tenant"), "view_pip", pk=pk)
    if request.method == "POST":
        if request.POST.get("open"):
            reopen(row)
        else:
            resolve(row, by=request.user)
    return redirect(f"{row.obligation.get_absolute_url()}#remarks")
