"""The notice of a scenario: its tab, the draft that is written, and its publication."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from deployments.forms_notices import ITEM_LAWS, NoticeForm, PublishForm
from deployments.models import Notice, NoticeShowing, NoticeVersion, Scenario
from deployments.notified import Change, changes, notified_facts
from deployments.prefill import Register, first_draft, gaps_in
from deployments.services import notices as services
from deployments.services.notices import MOST_BYTES, TEXTS, missing_items, size_of
from deployments.views.duties import duties_of
from deployments.views.editing import FormPage, edit, for_writing, saved
from deployments.views.places import crumbs, place_url
from deployments.views.tabs import OF_SCENARIO, tabs_of
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law import enums
from portal.workflow import CaseError

RULES = {"frm-05-notice", "frm-05-notice-change", "frm-05-barrier-free"}
# How many proofs the tab shows; each version's own page has all of them.
SHOWN = 20
LANGUAGES = (("zh", "zh-Hans"), ("en", "en"))


@dataclass(frozen=True)
class Item:
    """An item of a version: its name, its law, and its words with what is still to be filled in."""

    number: int
    name: Any
    cites: tuple
    is_required: bool
    texts: list[tuple[str, str]]
    gap: str

    @property
    def is_missing(self) -> bool:
        """Whether the version can't be published for it."""
        return bool(self.gap) or (self.is_required and not self.texts[0][1])


def items_of(version: NoticeVersion) -> list[Item]:
    """The six items of FRM Art 5 as a version has them."""
    found = []
    for number, (key, name) in enumerate(enums.NOTICE_ITEMS.items(), 1):
        texts = [(lang, getattr(version, f"{key}_{one}")) for one, lang in LANGUAGES]
        gap = next(iter(gaps_in(texts[0][1])), "")
        found.append(Item(number, name, ITEM_LAWS[key], key in enums.REQUIRED_NOTICE_ITEMS, texts, gap))
    return found


def in_force(versions: list[NoticeVersion], today: date) -> NoticeVersion | None:
    """The version that people are told today; a later one may be announced already."""
    begun = [one for one in versions if one.state != "draft" and one.effective_on <= today]
    return max(begun, key=lambda one: one.number, default=None)


def standing_of(version: NoticeVersion, current: NoticeVersion | None, today: date) -> str:
    """How a version stands today, as its badge says it."""
    if version.state == "draft":
        return "draft"
    if version == current:
        return "in_force"
    return "announced" if version.effective_on > today else "superseded"


def public_address(code: Any) -> str:
    """Where anybody reads the notice, as it is printed on signs."""
    return settings.BASE_URL.rstrip("/") + reverse("notice_public", args=[code])


def with_notice(request: HttpRequest) -> Any:
    """Scenarios with the code of their notice, where there is one."""
    code = Notice.objects.filter(tenant=request.tenant, scenario=OuterRef("pk")).values("code")[:1]
    return Scenario.objects.select_related("pip").annotate(notice_code=Subquery(code))


def with_proofs(showings: QuerySet) -> QuerySet:
    """Showings with what a table says of them, and how many there are."""
    return showings.select_related("version", "photo", "proof__tenant").annotate(number=Window(Count("pk")))


def under_notice(request: HttpRequest, row: Scenario, title: str) -> list[tuple[str, str]]:
    """The steps down to a page under the notice of a scenario."""
    steps = crumbs(request, "scenarios", _("Scenarios"), row, title)
    return [*steps[:-1], (_("Notice"), place_url(request, "notice", row.pk)), steps[-1]]


@page("view_pip")
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """What people are told, in which version, where it is shown, and whether it still says what is done."""
    row = request.access.get(with_notice(request), "view_pip", pk=pk)
    row.tenant = row.pip.tenant = request.tenant
    today = civil_today()
    of_row = {"tenant": request.tenant, "notice__scenario": row}
    has_proof = Exists(NoticeShowing.objects.filter(tenant=request.tenant, version=OuterRef("pk")))
    rows = NoticeVersion.objects.filter(**of_row).select_related("published_by").annotate(has_proof=has_proof)
    versions = list(rows)
    showings = list(with_proofs(NoticeShowing.objects.filter(version__notice__scenario=row))[:SHOWN])
    duties = [duty for duty in duties_of(request, row.pip_id, f"scenario:{row.code}") if duty.obligation.rule in RULES]
    current = in_force(versions, today)
    draft = next((one for one in versions if one.state == "draft"), None)
    published = next((one for one in versions if one.state == "published"), None)
    outdated = changes(published.notified, notified_facts(row)) if published else []
    may_edit = request.access.can("edit_register", row.pip_id)
    newest = published or current
    context = {
        "scenario": row,
        "tabs": tabs_of(request, OF_SCENARIO, row.pk, "notice"),
        "versions": [(one, standing_of(one, current, today)) for one in versions],
        "current": current,
        "announced": published if published and published != current else None,
        "draft": draft,
        "outdated": outdated,
        "items": items_of(draft or newest) if versions else [],
        "of_items": draft or newest,
        "access_rows": accessibility(draft or newest) if versions else [],
        "asks_access": bool(set(row.subject_groups) & enums.BARRIER_FREE),
        "showings": showings,
        "showings_number": showings[0].number if showings else 0,
        "newest": newest,
        "duties": duties,
        "exemption": enums.NOTICE_EXEMPTIONS.get(row.notice_exemption),
        "public_url": public_address(row.notice_code) if row.notice_code else "",
        "step": next_step(request, row, draft, newest, outdated),
        "may_edit": may_edit,
    }
    return render(request, "deployments/notice.html", context)


def accessibility(version: NoticeVersion) -> list[tuple[str, bool, str]]:
    """The checklist of FRM Art 5 and the Barrier-Free Environment Law: what, whether it is there, and how."""
    plain = _("Chinese and English") if version.plain_zh and version.plain_en else _("Chinese")
    return [
        (_("Large print"), True, _("The public page has it for every version, on screen and on paper.")),
        (_("Plain words"), bool(version.plain_zh), plain if version.plain_zh else ""),
        (_("Somebody who helps"), bool(version.manual_channel), version.manual_channel),
        (_("Read out on request"), version.has_voice, ""),
    ]


def next_step(
    request: HttpRequest,
    row: Scenario,
    draft: NoticeVersion | None,
    newest: NoticeVersion | None,
    outdated: list[Change],
) -> dict[str, str] | None:
    """The one thing to do next, with its address."""
    writing = place_url(request, "notice_draft", row.pk)
    if draft is not None:
        missing = missing_items(draft)
        if missing:
            names = {name: number for number, name in enumerate(enums.NOTICE_ITEMS, 1)}
            what = _("Fill in item %(items)s of version %(n)s")
            values = {"items": _(", ").join(str(names[name]) for name in missing), "n": draft.number}
            return {"what": what % values, "url": writing, "label": _("Go on writing"), "state": "draft"}
        what = _("Publish version %(n)s") % {"n": draft.number}
        url = place_url(request, "notice_publish", row.pk)
        return {"what": what, "url": url, "label": _("Read and publish"), "state": "draft"}
    if newest is None:
        if row.notice_exemption == "secrecy":
            return None
        return {"what": _("Write what people are told"), "url": writing, "label": _("Write the notice")}
    if outdated:
        names = _(", ").join(str(change.label) for change in outdated)
        what = _("Publish a new version: it tells of what changed (%(names)s)") % {"names": names}
        return {"what": what, "url": writing, "label": _("Write a new version"), "state": "outdated", "tone": "warn"}
    if not newest.has_proof:
        what = _("Record where version %(n)s is shown, with the proof") % {"n": newest.number}
        return {"what": what, "url": place_url(request, "notice_showing_new", newest.pk), "label": _("Add a proof")}
    if set(row.subject_groups) & enums.BARRIER_FREE and not (newest.plain_zh and newest.manual_channel):
        what = _("Add plain words and somebody who helps: older persons or persons with disabilities are concerned")
        return {"what": what, "url": writing, "label": _("Write a new version")}
    return None


@page("edit_register", writes=True)
def notice_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a version: the draft there is, else a copy of the last one, else what the register says."""
    row = request.access.get(Scenario.objects.select_related("pip"), "edit_register", pk=pk)
    versions = for_writing(request, NoticeVersion.objects.filter(tenant=request.tenant, notice__scenario=row))
    newest = versions.first()
    draft = newest if newest is not None and newest.state == "draft" else None
    # A form of which no draft was there yet carries no version: the service tells a double click from a second author.
    is_new = draft is None or (request.method == "POST" and "version" not in request.POST)
    taken_over = newest is not None and "register" not in request.GET
    initial = _words_of(newest) if taken_over else first_draft(row)
    form = NoticeForm(
        request.POST or None,
        instance=NoticeVersion(tenant=request.tenant, pip_id=row.pip_id) if is_new else draft,
        initial=initial if is_new or "register" in request.GET else None,
        request=request,
    )
    back = place_url(request, "notice", pk)
    number = draft.number if draft else newest.number + 1 if newest else 1
    title = _("Version %(n)s of the notice") % {"n": number}
    context = {
        "number": number,
        "copied_from": newest if is_new and taken_over else None,
        "register_url": f"{request.path}?register=1",
        "is_from_register": not taken_over,
        "told": register_rows(request, row),
        "most_bytes": MOST_BYTES,
    }
    return edit(
        request,
        FormPage(
            title,
            _("Save the draft"),
            back,
            under_notice(request, row, title),
            note=str(row),
            template="deployments/notice_form.html",
            context=context,
        ),
        form,
        lambda values: services.start_draft(row, **values) if is_new else services.edit_draft(draft, **values),
        to=place_url(request, "notice_publish", pk) if "publish" in request.POST else back,
        said=_("The draft was saved.") if is_new else saved,
    )


def _words_of(version: NoticeVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in (*TEXTS, "manual_channel", "has_voice")}


def register_rows(request: HttpRequest, row: Scenario) -> list[tuple[Any, Any, str]]:
    """What the register says now of the facts that a notice tells: label, value, and where it is changed."""
    register = Register.of(row)
    of_pip = reverse("deployments:pip_edit", args=[request.tenant.slug, row.pip.uscc])
    of_scenario = place_url(request, "scenario_edit", row.pk)
    vendors = [f"{one.vendor.name} ({one.get_role_display()})" for one in register.vendors]
    ways = [one.get_kind_display() for one in register.other_ways]
    return [
        (_("PIP"), row.pip.name, of_pip),
        (_("Contact"), "" if gaps_in(register.contact.zh) else register.contact, of_pip),
        (_("Purpose"), row.purpose, of_scenario),
        (_("Function"), enums.FUNCTIONS[row.function], of_scenario),
        (_("Storage"), enums.STORAGE_MODES.get(row.storage_mode, ""), of_scenario),
        (_("Retention period"), row.retention, of_scenario),
        (_("Deletion method"), row.deletion_method, of_scenario),
        (_("Necessity"), row.necessity, of_scenario),
        (
            _("Withdrawal"),
            register.mechanism.withdrawal_path if register.mechanism else "",
            _tab(request, "consent", row),
        ),
        (_("Other ways than FR"), ways, _tab(request, "choice", row)),
        (_("Vendors and recipients"), vendors, _tab(request, "partners", row)),
    ]


def _tab(request: HttpRequest, name: str, row: Scenario) -> str:
    try:
        return place_url(request, name, row.pk)
    except NoReverseMatch:
        return ""


@page("edit_register", writes=True)
def notice_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the draft as people will read it, and put it in force from a day on."""
    row = request.access.get(Scenario.objects.select_related("pip"), "edit_register", pk=pk)
    versions = NoticeVersion.objects.filter(tenant=request.tenant, notice__scenario=row)
    draft = for_writing(request, versions).filter(state="draft").select_related("notice").first()
    if draft is None:
        raise CaseError(
            _("There is no draft to publish. If it was published a moment ago, it stands on the notice's page.")
        )
    before = versions.filter(state="published").first()
    title = _("Publish version %(n)s") % {"n": draft.number}
    back = place_url(request, "notice", pk)
    context = {
        "version": draft,
        "scenario": row,
        "items": items_of(draft),
        "missing": missing_items(draft),
        "before": before,
        "outdated": changes(before.notified, notified_facts(row)) if before else [],
        "size": size_of(draft),
        "most_bytes": MOST_BYTES,
        "draft_url": place_url(request, "notice_draft", pk),
        "compare_url": f"{place_url(request, 'notice_compare', pk)}?old={before.number}&new={draft.number}"
        if before
        else "",
    }
    today = civil_today()
    return edit(
        request,
        FormPage(
            title,
            title,
            back,
            under_notice(request, row, title),
            note=str(row),
            template="deployments/notice_publish.html",
            context=context,
        ),
        PublishForm(
            request.POST or None,
            instance=draft,
            initial={"effective_on": draft.effective_on or today},
            request=request,
        ),
        lambda values: services.publish(draft, by=request.user, today=today, **values),
        to=back,
        said=_("Version %(n)s is published.") % {"n": draft.number},
    )
