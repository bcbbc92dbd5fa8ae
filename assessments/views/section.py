"""A section of an assessment: its questions with the law beside them, saved as they are written."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.choices import badge_of
from assessments.content import Content, Key, read
from assessments.models import Answer, AssessedScenario, Assessment, Remark
from assessments.report import said
from assessments.section_form import Base, SectionForm, name_of
from assessments.services import EditConflict, attach, detach, save_answer
from assessments.views.common import WITH_PEOPLE, Rights, address, crumbs, index_of, review_states, rights_of
from portal.accounts.pages import page
from portal.law.pipia import Question, Section


@dataclass
class Line:
    """One answer of the page: its question, its field, what stands stored, and what came in between."""

    name: str
    question: Question
    place: AssessedScenario | None
    answer: Answer | None
    text: Any
    file: BoundField
    base: str
    is_asked: bool
    said: str
    error: str = ""
    theirs: Answer | None = None
    theirs_base: str = ""
    is_merged: bool = False
    is_touched: bool = False
    # The comments on a question that is asked of several scenarios stand under the first.
    is_first: bool = True
    remarks: list[Remark] = field(default_factory=list)


@dataclass
class Outcome:
    """What a save did, by answer: those written, those that somebody else had written meanwhile, and the rest."""

    saved: list[Key] = field(default_factory=list)
    conflicts: dict[Key, Answer | None] = field(default_factory=dict)
    merged: dict[Key, str] = field(default_factory=dict)
    typed: dict[Key, str] = field(default_factory=dict)
    errors: dict[Key, str] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        return not (self.conflicts or self.merged or self.errors)


def row_of(request: HttpRequest, reference: str, permission: str = "view_pip") -> Assessment:
    """An assessment that is written here; one made elsewhere has no sections."""
    row = request.access.get(Assessment.objects.select_related(*WITH_PEOPLE), permission, reference=reference)
    if row.is_external:
        raise Http404
    return row


def section_of(content: Content, code: str) -> Section:
    for section in content.template.sections:
        if section.code == code:
            return section
    raise Http404


@page("view_pip")
def section(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """The questions of a section with their answers, to be written or read."""
    row = row_of(request, reference)
    content = read(row)
    return show(request, content, section_of(content, code))


@page("write_assessment", writes=True)
def save(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Save what was changed; a text that somebody else changed meanwhile is shown beside it, never overwritten.

    A part of the page is answered to scripts, which save while a person writes.
    """
    row = row_of(request, reference, "write_assessment")
    content = read(row)
    of = section_of(content, code)
    if request.method != "POST":
        return redirect("assessments:section", request.tenant.slug, reference, code)
    form = SectionForm(content, of, request.POST, request.FILES)
    outcome = write(request, content, form)
    after = read(row)
    if request.htmx:
        return parts(request, content, after, of, form, outcome)
    if outcome.is_clean:
        return redirect(forward(request, after, of, said_of(request, outcome)))
    status = 422 if outcome.errors else 200
    return show(request, after, of, form=form, outcome=outcome, status=status)


def write(request: HttpRequest, content: Content, form: SectionForm) -> Outcome:
    """Save the answers that were changed in the page, each from the version that it was made from.

    Of a page with something wrong in it nothing is saved: it is shown again as it was typed.
    """
    outcome = Outcome()
    form.full_clean()
    sent = list(form.sent(request.POST))
    for key, _base in sent:
        name = name_of(key)
        if found := [*form.errors.get(f"text-{name}", []), *form.errors.get(f"file-{name}", [])]:
            outcome.errors[key] = " ".join(found)
    if outcome.errors:
        return outcome
    for key, base in sent:
        save_changed(request, content, form, outcome, key, base)
    keep_files(request, content, form, outcome)
    return outcome


def save_changed(
    request: HttpRequest, content: Content, form: SectionForm, outcome: Outcome, key: Key, base: Base
) -> None:
    """Save an answer unless it was left alone, or the pressed button decides otherwise between two texts."""
    name, typed = name_of(key), form.typed(key)
    if name == request.POST.get("take"):
        return
    if name == request.POST.get("merge"):
        outcome.merged[key] = typed
        return
    theirs = Base.read(request.POST.get(f"theirs-{name}", ""))
    if name == request.POST.get("mine") and theirs is not None:
        save_one(request, content, outcome, key, typed, theirs)
    elif Base.of(0, typed).print != base.print:
        save_one(request, content, outcome, key, typed, base)


def save_one(
    request: HttpRequest, content: Content, outcome: Outcome, key: Key, typed: str, base: Base
) -> Answer | None:
    code, place = key
    scenario = next((one.scenario for one in content.covered if one.scenario_id == place), None)
    try:
        made = save_answer(
            content.assessment, code, scenario=scenario, text=typed, version=base.version, by=request.user
        )
    except EditConflict as conflict:
        outcome.conflicts[key], outcome.typed[key] = conflict.theirs, typed
        return None
    outcome.saved.append(key)
    return made


def keep_files(request: HttpRequest, content: Content, form: SectionForm, outcome: Outcome) -> None:
    """Put the files that came beside their answers, and take away the one that is to go."""
    answers = {(row.question, row.scenario_id): row for row in content.assessment.answers.all()}
    for key in form.keys:
        upload = form.cleaned_data.get(f"file-{name_of(key)}")
        standing = answers.get(key)
        if upload:
            if standing is None:
                standing = save_one(request, content, outcome, key, "", Base.of(0, ""))
            if standing is not None:
                standing.assessment = content.assessment
                attach(standing, upload, name=upload.name, by=request.user)
                outcome.saved.append(key)
        elif standing is not None and standing.evidence_id and name_of(key) == request.POST.get("detach"):
            standing.assessment = content.assessment
            detach(standing, by=request.user)
            outcome.saved.append(key)


def said_of(request: HttpRequest, outcome: Outcome) -> str:
    number = len(set(outcome.saved))
    if not number:
        return _("Nothing was different; nothing was saved.")
    return ngettext("%(n)s answer saved.", "%(n)s answers saved.", number) % {"n": number}


def forward(request: HttpRequest, content: Content, of: Section, sentence: str) -> str:
    """Where the pressed button leads: the next section, or the same one again."""
    messages.success(request, sentence)
    sections = list(content.template.sections)
    place = sections.index(of)
    if "next" in request.POST:
        if of.element == 3:
            return address(request, "risks", content.assessment.reference)
        of = sections[min(place + 1, len(sections) - 1)]
        if place + 1 == len(sections):
            return content.assessment.get_absolute_url()
    return address(request, "section", content.assessment.reference, of.code)


def lines_of(
    content: Content, of: Section, form: SectionForm, outcome: Outcome, language: str, data: Any = None
) -> list[Line]:
    """The answers of a section as the page shows them; after a conflict with both texts."""
    asked = {(question.code, place) for question, place in content.asked(of)}
    places = {one.scenario_id: one for one in content.covered}
    lines = []
    for key, question in form.keys.items():
        answer = content.answers.get(key)
        standing = Base.of(answer.version if answer else 0, answer.text if answer else "")
        line = Line(
            name=name_of(key),
            question=question,
            place=places.get(key[1]) if len(places) > 1 else None,
            answer=answer,
            text=form.bound(key),
            file=form.bound(key, "file"),
            base=str(standing),
            is_asked=key in asked,
            said=said(question, answer.text, "zh" if language.startswith("zh") else "en") if answer else "",
            error=outcome.errors.get(key, ""),
            is_touched=key in outcome.saved,
        )
        if key in outcome.conflicts:
            line.theirs, line.theirs_base = outcome.conflicts[key], str(standing)
        if key in outcome.conflicts or outcome.errors:
            line.base = data.get(f"base-{line.name}", line.base)
        line.is_merged = key in outcome.merged
        line.is_first = key[1] in (None, content.covered[0].scenario_id)
        lines.append(line)
    return lines


def filled(content: Content, of: Section, form: SectionForm, outcome: Outcome, data: Any, files: Any) -> SectionForm:
    """The form to show again: what was typed and isn't saved yet, both texts where they are to be merged."""
    if not data:
        return SectionForm(content, of)
    again = data.copy()
    for key in form.keys:
        name = name_of(key)
        standing = content.text(*key)
        if key in outcome.merged:
            again[f"text-{name}"] = "\n\n".join(filter(None, (outcome.merged[key], standing)))
        elif key not in outcome.conflicts and not outcome.errors:
            again.setlist(f"text-{name}", standing.split(",") if form.keys[key].kind == "many" else [standing])
    return SectionForm(content, of, again, files if outcome.errors else None)


def show(
    request: HttpRequest,
    content: Content,
    of: Section,
    *,
    form: SectionForm | None = None,
    outcome: Outcome | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page of a section."""
    row, outcome = content.assessment, outcome or Outcome()
    rights = rights_of(request, row)
    data = request.POST if form is not None else None
    form = filled(content, of, form or SectionForm(content, of), outcome, data, request.FILES)
    states = review_states(row)
    said_here = Remark.objects.filter(assessment=row, section=of.code).order_by("id")
    remarks = list(said_here.select_related("written_by", "settled_by"))
    lines = lines_of(content, of, form, outcome, request.LANGUAGE_CODE, data)
    for line in lines:
        line.remarks = [one for one in remarks if line.is_first and one.question == line.question.code]
    context = page_context(request, content, of, lines, rights) | {
        "index": index_of(request, content, states, of),
        "state": states.get(of.code, "pending"),
        "badge": badge_of(row.state),
        "section_remarks": [one for one in remarks if not one.question],
        "open_words": open_words(sum(one.settled_at is None for one in remarks)),
        "crumbs": crumbs(request, row, f"{of.number} {of.title.in_(request.LANGUAGE_CODE)}"),
        "conflicts": sum(line.theirs is not None for line in lines),
        "errors": [line for line in lines if line.error],
    }
    return render(request, "assessments/section.html", context, status=status)


def open_words(number: int) -> str:
    """How many comments wait for an answer."""
    return ngettext("%(n)s open comment", "%(n)s open comments", number) % {"n": number} if number else ""


def page_context(
    request: HttpRequest, content: Content, of: Section, lines: list[Line], rights: Rights
) -> dict[str, Any]:
    return {
        "assessment": content.assessment,
        "section": of,
        "lines": lines,
        "rights": rights,
    }


def parts(
    request: HttpRequest, before: Content, content: Content, of: Section, form: SectionForm, outcome: Outcome
) -> HttpResponse:
    """What a save while writing changes in the page: states, versions, conflicts, and questions opened or closed."""
    shown = form if outcome.errors else SectionForm(content, of)
    lines = lines_of(content, of, shown, outcome, request.LANGUAGE_CODE, request.POST)
    was = {name_of((question.code, place)) for question, place in before.asked(of)}
    context = page_context(request, content, of, lines, rights_of(request, content.assessment)) | {
        "touched": [line for line in lines if line.is_touched or line.theirs or line.error],
        "turned": [line for line in lines if line.is_asked != (line.name in was)],
        "index": index_of(request, content, review_states(content.assessment), of),
    }
    answer = render(request, "assessments/_saved.html", context)
    if not outcome.errors:
        answer["X-Saved"] = "yes"
        answer["X-Conflicts"] = ",".join(f"text-{name_of(key)}" for key in outcome.conflicts)
    return answer
