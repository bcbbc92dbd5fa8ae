"""Cases: the record with its timeline, and the pages that move it on."""

from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from deployments.models import Notice, Scenario
from deployments.views.duties import duties_of
from deployments.views.editing import FormPage, edit, for_writing, saved
from deployments.views.places import choose_pip
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.cases import services
from portal.cases.choices import INSPECTION, Channel, State, Step, badge_of
from portal.cases.codes import grouped
from portal.cases.forms import AnswerForm, EditCaseForm, NewCaseForm, NoteForm, ProofForm, ReopenForm
from portal.cases.models import Case, CaseNote
from portal.cases.steps import next_of_case
from portal.law import enums
from portal.tenancy.models import Pip, TenantOwned

WITH = ("pip", "tenant", "scenario", "deployment__site", "answered_by", "deletion_proof", "received_by")
TEMPLATE = "cases/form.html"
SHOWN = 200
# The kinds as a person at the counter looks for them.
GROUPS = (
    (gettext_lazy("A person refuses or withdraws"), ("refusal", "withdrawal")),
    (gettext_lazy("Somebody complains"), ("complaint",)),
    (
        gettext_lazy("A person asks for something"),
        ("access", "deletion", "correction", "explanation", "decision", "transfer"),
    ),
    (gettext_lazy("Others"), ("viewing", "relatives", INSPECTION)),
)


def list_url(request: HttpRequest) -> str:
    return reverse("cases:cases", args=[request.tenant.slug])


def get(request: HttpRequest, reference: str, permission: str = "view_pip") -> Case:
    """The case, if the reader may do this for its PIP; held until the end of a request that writes."""
    rows = Case.objects.select_related("pip", "tenant")
    return request.access.get(for_writing(request, rows), permission, reference=reference)


def page_of(request: HttpRequest, case: Case, title: str, submit: str, **words: Any) -> FormPage:
    """A form page under a case."""
    steps = [(_("Requests and complaints"), list_url(request)), (case.reference, case.get_absolute_url()), (title, "")]
    note = f"{case.get_kind_display()} · {case.pip.name}"
    return FormPage(title, submit, case.get_absolute_url(), steps, note=note, template=TEMPLATE, context=words)


@page("view_pip")
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The record: what was asked, what the law wants of it, what happened."""
    row = request.access.get(Case.objects.select_related(*WITH), "view_pip", reference=reference)
    own_tenant(request, row.scenario, row.deletion_proof)
    duties = duties_of(request, row.pip_id, f"case:{row.reference}")
    context = {
        "case": row,
        "badge": badge_of(row.state),
        "facts": facts_of(row),
        "answer": answer_of(row),
        "duties": duties,
        "next": next_of_case(request, row, [duty.obligation for duty in duties], today=civil_today()),
        "entries": timeline_of(row),
        "may_edit": request.access.can("edit_register", row.pip_id),
    }
    return render(request, "cases/case.html", context)


def own_tenant(request: HttpRequest, *rows: TenantOwned | None) -> None:
    """Rows that came with the record are of the same tenant: their addresses need no look-up."""
    for row in rows:
        if row is not None:
            row.tenant = request.tenant


def facts_of(row: Case) -> list[tuple]:
    """What the case is and where it belongs."""
    facts: list[tuple] = [(_("Kind"), enums.CASE_KINDS[row.kind])]
    if row.category:
        facts.append((_("Complaint about"), enums.COMPLAINTS[row.category]))
    facts += [
        (_("Received on"), row.received_on),
        (_("How it came"), row.get_channel_display()),
        (_("Scenario"), row.scenario.name if row.scenario else "", row.scenario.code if row.scenario else ""),
    ]
    if row.deployment:
        facts.append((_("Place"), row.deployment.site.name, row.deployment.code))
    elif row.place:
        facts.append((_("Place"), row.place))
    if row.channel == Channel.AUTHORITY:
        facts.append((_("Date set by the authority"), row.due_on))
    return facts


def answer_of(row: Case) -> list[tuple]:
    """What was decided; empty while nothing is."""
    if row.answered_on is None:
        return []
    rows: list[tuple] = [(_("Answered on"), row.answered_on, str(row.answered_by or ""))]
    if row.outcome:
        rows.append((_("Outcome"), row.get_outcome_display()))
    if row.exemption:
        rows.append((_("Ground"), enums.CASE_EXEMPTIONS[row.exemption]))
    if row.other_way:
        rows.append((_("Other way used"), row.other_way))
    if row.answer:
        rows.append((_("Answer"), row.answer))
    return rows


def timeline_of(row: Case) -> list[dict[str, Any]]:
    """The steps and notes, the newest first."""
    notes = CaseNote.objects.filter(tenant=row.tenant, case=row).select_related("by", "file__tenant")
    return [
        {
            "moment": note.at,
            "who": note.by or _("a visitor"),
            "what": said_of(note),
            "detail": columns_in(note.text) if note.step == Step.CHANGED else note.text,
            "kind": KINDS[note.step],
            "url": note.file.get_absolute_url() if note.file else "",
        }
        for note in notes[:SHOWN]
    ]


def columns_in(text: str) -> str:
    """The columns that a change names, in the reader's words."""
    return "; ".join(str(Case._meta.get_field(name).verbose_name) for name in text.split())


KINDS = {
    Step.RECEIVED: "mail",
    Step.NOTE: "person",
    Step.CHANGED: "change",
    Step.ANSWERED: "submitted",
    Step.DELETED: "evidence",
    Step.CLOSED: "accepted",
    Step.REOPENED: "correction",
}


def said_of(note: CaseNote) -> str:
    """The step in words, with the name of its file, and whether the person may read it."""
    words = [capfirst(note.get_step_display())]
    if note.step == Step.NOTE and note.is_for_person:
        words = [_("Note, also for the person")]
    return " · ".join([*words, *([note.file.name] if note.file else [])])


@page("edit_register", writes=True)
def case_new(request: HttpRequest) -> HttpResponse:
    """Add a case by hand: its PIP, its kind, then its form; at the end the code to hand over, shown once."""
    title = _("Add a case")
    pip = choose_pip(request, title)
    if isinstance(pip, HttpResponse):
        return pip
    pip.tenant = request.tenant
    kind = request.GET.get("kind", "")
    if kind not in enums.CASE_KINDS:
        return choose_kind(request, pip, title)
    steps = [(_("Requests and complaints"), list_url(request)), (title, "")]
    form = NewCaseForm(
        request.POST or None,
        request.FILES or None,
        instance=Case(tenant=request.tenant, pip=pip, kind=kind),
        initial=first_values(request, pip),
        request=request,
    )
    made: list[tuple[Case, str]] = []

    def receive(values: dict[str, Any]) -> Case:
        values = {"channel": Channel.AUTHORITY, "kind": kind} | values
        made.append(services.receive(pip, by=request.user, today=civil_today(), **values))
        return made[0][0]

    words = enums.CASE_KINDS[kind].in_(get_language() or "en")
    note = f"{words} · {pip.name}"
    shown = FormPage(title, _("Add the case"), list_url(request), steps, note=note, template=TEMPLATE)
    answer = edit(request, shown, form, receive, to=Case.get_absolute_url, said=_("The case is added."))
    if made and made[0][0].state == State.OPEN and (address := status_address(request, made[0][0])):
        row, code = made[0]
        context = {"case": row, "code": grouped(code), "address": address, "qr": qr_of(address)}
        return render(request, "cases/handed_over.html", context)
    return answer


def qr_of(address: str) -> SafeString:
    """The address as a drawing that a phone reads, from the light or the dark page."""
    return mark_safe(segno.make(address, micro=False).svg_inline(scale=4, border=3, light="#fff"))


def choose_kind(request: HttpRequest, pip: Pip, title: str) -> HttpResponse:
    """The kinds of cases as links, with what the address says already."""
    query = request.GET.copy()
    query["pip"] = pip.uscc
    groups = []
    for heading, kinds in GROUPS:
        links = []
        for kind in kinds:
            query["kind"] = kind
            links.append((enums.CASE_KINDS[kind], f"?{query.urlencode()}"))
        groups.append((heading, links))
    return render(request, "cases/choose_kind.html", {"title": title, "pip": pip, "groups": groups})


def first_values(request: HttpRequest, pip: Pip) -> dict[str, Any]:
    """Today, and the scenario that the address names."""
    values: dict[str, Any] = {"received_on": civil_today(), "channel": Channel.COUNTER}
    if request.GET.get("scenario", "").isdecimal():
        of_pip = Scenario.objects.filter(pip=pip)
        values["scenario"] = request.access.get(of_pip, "edit_register", pk=int(request.GET["scenario"])).pk
    return values


def status_address(request: HttpRequest, row: Case) -> str:
    """Where the person asks for the answer with the code; empty where the scenario has no notice, hence no page."""
    if row.is_inspection or row.scenario_id is None:
        return ""
    notice = Notice.objects.filter(tenant=request.tenant, scenario_id=row.scenario_id).first()
    return request.build_absolute_uri(reverse("request_status", args=[notice.code])) if notice else ""


@page("edit_register", writes=True)
def case_edit(request: HttpRequest, reference: str) -> HttpResponse:
    """Correct what a case is and where it belongs."""
    row = get(request, reference, "edit_register")
    return edit(
        request,
        page_of(request, row, _("Edit the case"), _("Save the case")),
        EditCaseForm(request.POST or None, instance=row, request=request),
        lambda values: services.edit(row, by=request.user, today=civil_today(), **values),
        to=row.get_absolute_url(),
        said=saved,
    )


@page("edit_register", writes=True)
def case_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer a case."""
    row = get(request, reference, "edit_register")
    if request.method != "POST" and row.state != State.OPEN:
        return moved_on(request, row)
    form = AnswerForm(
        request.POST or None,
        request.FILES or None,
        instance=row,
        initial={"answered_on": civil_today()},
        request=request,
    )
    return edit(
        request,
        page_of(request, row, _("Answer the case"), _("Record the answer"), asked=row.asked),
        form,
        lambda values: services.answer(row, by=request.user, today=civil_today(), **values),
        to=row.get_absolute_url(),
        said=_("The answer is recorded. The person can read it with the reference and the code."),
    )


@page("edit_register", writes=True)
def case_proof(request: HttpRequest, reference: str) -> HttpResponse:
    """Add the proof of a deletion."""
    row = get(request, reference, "edit_register")
    if request.method != "POST" and (row.state == State.CLOSED or row.deletion_proof_id):
        return moved_on(request, row)
    return edit(
        request,
        page_of(request, row, _("Prove the deletion"), _("Keep the proof")),
        ProofForm(request.POST or None, request.FILES or None, instance=row, request=request),
        lambda values: services.prove_deletion(row, by=request.user, proof=values["proof"]),
        to=row.get_absolute_url(),
        said=_("The proof is kept."),
    )


@page("edit_register", writes=True)
def case_note(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a note to the timeline."""
    row = get(request, reference, "edit_register")
    blank = CaseNote(tenant=request.tenant, pip_id=row.pip_id, case=row)
    return edit(
        request,
        page_of(request, row, _("Add a note"), _("Add the note")),
        NoteForm(request.POST or None, request.FILES or None, instance=blank, request=request),
        lambda values: services.note(row, by=request.user, **values),
        to=row.get_absolute_url() + "#timeline",
        said=_("The note is added."),
    )


@page("edit_register", writes=True)
def case_close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close an answered case; a GET leads to the record."""
    row = get(request, reference, "edit_register")
    if request.method == "POST":
        services.close(row, by=request.user, today=civil_today())
        messages.success(request, _("The case is closed."))
    return redirect(row)


@page("edit_register", writes=True)
def case_reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Take up a case again, with the reason."""
    row = get(request, reference, "edit_register")
    if request.method != "POST" and row.state == State.OPEN:
        return moved_on(request, row)
    return edit(
        request,
        page_of(request, row, _("Take the case up again"), _("Take it up again")),
        ReopenForm(request.POST or None, instance=row, request=request),
        lambda values: services.reopen(row, by=request.user, **values),
        to=row.get_absolute_url(),
        said=_("The case is open again. What was answered stays in its timeline."),
    )


def moved_on(request: HttpRequest, row: Case) -> HttpResponse:
    """Back to a case that stands elsewhere than the page that was asked for begins."""
    messages.warning(request, services.MOVED_ON)
    return redirect(row)
