"""From a duty to what can be done about it: its subject's page, and the next act the reader may take."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from deployments.models import Deployment, Scenario
from filings.models import Filing
from portal.law.engine import RULES
from portal.law.reckoning import Reckoning
from portal.law.rules.assessment import REASSESS_WORKING_DAYS
from portal.law.threshold import FILING_WORKING_DAYS, TRANSITION_DUE_ON
from portal.law.workdays import CalendarError, Workdays
from portal.obligations.models import Obligation, State

KINDS = {
    "filing": _("filing"),
    "count": _("count"),
    "warning": _("early warning"),
    "assessment": _("impact assessment"),
    "sign": _("sign"),
    "ban": _("ban"),
    "scope": _("scope"),
    "purpose": _("purpose and basis"),
    "notice": _("notice"),
    "consent": _("consent"),
    "choice": _("other way than FR"),
    "storage": _("storage"),
    "place": _("place"),
    "security": _("protection"),
    "vendor": _("vendor"),
}


def rules_of(kind: str) -> list[str]:
    """The ids of the rules of a kind."""
    return [rule.id for rule in RULES if rule.kind == kind]


@dataclass(frozen=True)
class Act:
    """A link, or with ``posts`` a button."""

    label: str | Promise
    url: str
    icon: str
    posts: bool = False


def subject_of(duty: Obligation) -> Any:
    """The row that the duty is about; None once it is gone."""
    kind, _colon, code = duty.subject.partition(":")
    if kind == "pip":
        return duty.pip
    if kind == "scenario":
        return Scenario.objects.filter(pip_id=duty.pip_id, code=code).select_related("tenant").first()
    if kind == "deployment":
        rows = Deployment.objects.filter(pip_id=duty.pip_id, code=code)
        return rows.select_related("tenant", "site", "scenario").first()
    return Filing.objects.filter(pip_id=duty.pip_id, reference=code).select_related("tenant").first()


@dataclass(frozen=True)
class Subject:
    """What a duty is about, in a person's words: its name, its code where it has one, and its page."""

    name: str
    code: str
    url: str


def subjects_of(duties: Iterable[Obligation]) -> dict[int, Subject]:
    """The subjects of many duties by the duties' ids, in three look-ups at most; a row that is gone has no page."""
    duties = list(duties)
    wanted: dict[str, set[tuple[int, str]]] = {"scenario": set(), "deployment": set(), "filing": set()}
    for duty in duties:
        kind, _colon, code = duty.subject.partition(":")
        if kind in wanted:
            wanted[kind].add((duty.pip_id, code))
    found: dict[tuple[int, str], Subject] = {}
    for kind, keys in wanted.items():
        if keys:
            found |= {(pip_id, f"{kind}:{code}"): subject for (pip_id, code), subject in SUBJECTS[kind](keys)}
    made = {}
    for duty in duties:
        kind, _colon, code = duty.subject.partition(":")
        if kind == "pip":
            made[duty.pk] = Subject(duty.pip.name, "", duty.pip.get_absolute_url())
        else:
            made[duty.pk] = found.get((duty.pip_id, duty.subject), Subject(code, "", ""))
    return made


def scenarios_of(keys: set[tuple[int, str]]) -> list[tuple[tuple[int, str], Subject]]:
    """Scenarios by entity and code."""
    rows = Scenario.objects.filter(pip_id__in={pk for pk, _ in keys}, code__in={code for _, code in keys})
    return [((r.pip_id, r.code), Subject(r.name, r.code, r.get_absolute_url())) for r in rows.select_related("tenant")]


def deployments_of(keys: set[tuple[int, str]]) -> list[tuple[tuple[int, str], Subject]]:
    """Deployments by entity and code, called by their site."""
    rows = Deployment.objects.filter(pip_id__in={pk for pk, _ in keys}, code__in={code for _, code in keys})
    rows = rows.select_related("tenant", "site")
    return [((r.pip_id, r.code), Subject(r.site.name, r.code, r.get_absolute_url())) for r in rows]


def filings_of(keys: set[tuple[int, str]]) -> list[tuple[tuple[int, str], Subject]]:
    """Filings by entity and reference."""
    rows = Filing.objects.filter(pip_id__in={pk for pk, _ in keys}, reference__in={code for _, code in keys})
    return [
        ((r.pip_id, r.reference), Subject(r.reference, "", r.get_absolute_url()))
        for r in rows.select_related("tenant")
    ]


SUBJECTS = {"scenario": scenarios_of, "deployment": deployments_of, "filing": filings_of}


def act_of(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The one act that moves this duty on, if the reader may take it."""
    if subject is None or duty.state != State.OPEN:
        return None
    return ACTS[duty.law.kind](request, duty, subject)


def file_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """Confirm the count first; then open the dossier, or go on with the one that is open."""
    filing = Filing.objects.filter(pip_id=duty.pip_id).exclude(state="accepted").order_by("-id").first()
    if filing is not None:
        may_go_on = request.access.can("prepare_filing", duty.pip_id)
        label = _("Go on with the dossier") if may_go_on else _("See the dossier")
        return Act(label, filing.get_absolute_url(), "folder-open")
    if not duty.is_confirmed:
        return confirm_it(request, duty, subject)
    if not request.access.can("prepare_filing", duty.pip_id):
        return None
    url = reverse("filings:open", args=[request.tenant.slug, duty.pk])
    return Act(_("Open the dossier"), url, "folder-plus", posts=True)


def confirm_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The page on which a person confirms day, method and reason of the crossing."""
    if not request.access.can("confirm_count", duty.pip_id):
        return None
    url = reverse("deployments:crossing_confirm", args=[request.tenant.slug, duty.pip.uscc])
    return Act(_("Confirm the crossing"), url, "badge-check")


def assess_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """Register an approved impact assessment of the scenario."""
    if not request.access.can("write_assessment", duty.pip_id):
        return None
    url = reverse("assessments:new", args=[request.tenant.slug, subject.pk])
    return Act(_("Register the impact assessment"), url, "file-check")


def sign_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """Record the sign on the deployment."""
    if duty.law.layer == "default":  # a sign hangs and is to be inspected
        return look_at_it(request, duty, subject)
    if not request.access.can("edit_register", duty.pip_id):
        return None
    return Act(_("Post the sign"), reverse("deployments:sign_new", args=[request.tenant.slug, subject.pk]), "flag")


def look_at_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """Where the register shows what is wrong."""
    label = SEE_KIND.get(duty.law.kind) or SEE_SUBJECT[duty.subject.partition(":")[0]]
    return Act(label, subject.get_absolute_url(), "arrow-right")


SEE_KIND = {"ban": _("See the devices"), "warning": _("See the counts"), "sign": _("See the signs")}
SEE_SUBJECT = {"scenario": _("See the scenario"), "deployment": _("See the deployment")}


ACTS = {
    "filing": file_it,
    "count": confirm_it,
    "warning": look_at_it,
    "assessment": assess_it,
    "sign": sign_it,
    "ban": look_at_it,
    "scope": look_at_it,
    "purpose": look_at_it,
    "notice": look_at_it,
    "consent": look_at_it,
    "choice": look_at_it,
    "storage": look_at_it,
    "place": look_at_it,
    "security": look_at_it,
    "vendor": look_at_it,
}


# Rules whose date is so many working days after the day on which the duty arose, and those that name the day itself.
WORKING_DAYS = {"frm-15-initial": FILING_WORKING_DAYS, "default-incident-reassess": REASSESS_WORKING_DAYS}
FIXED_DAYS = {
    "frm-15-transition",
    "frm-08-retention",
    "default-scope-recheck",
    "default-alternative-check",
    "default-sign-inspection",
    "default-protection-review",
}


def reckoning_of(duty: Obligation, calendar: Workdays) -> Reckoning | None:
    """The days behind the due date, reckoned again from the day on which the duty arose."""
    try:
        if duty.rule in WORKING_DAYS and duty.arose_on and duty.due_on:
            return calendar.add(duty.arose_on, WORKING_DAYS[duty.rule])
        if duty.rule in FIXED_DAYS and duty.due_on:
            return calendar.fixed(TRANSITION_DUE_ON if duty.rule == "frm-15-transition" else duty.due_on)
    except CalendarError:
        return None
    return None
