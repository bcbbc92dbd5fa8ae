"""From a duty to what can be done about it: its subject's page, and the next act the reader may take."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.panels import in_force
from assessments.panels import mend_of as assessment_of
from deployments.mending import mend_of
from filings.models import Filing
from filings.services import RULES as INITIAL_FILING
from portal.law.engine import RULES
from portal.law.gates import GATE_OF
from portal.law.reckoning import Reckoning
from portal.law.workdays import CalendarError, Workdays
from portal.obligations import subjects
from portal.obligations.models import Obligation, State, Unit

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
    "case": _("requests and complaints"),
    "incident": _("incident"),
    "governance": _("governance"),
    "video": _("video system"),
}


# What stands in place of a date where the law gives none; for all other kinds: before processing begins.
UNDATED = {
    "case": _("promptly"),
    "incident": _("at once"),
    **dict.fromkeys(("filing", "count", "warning", "governance", "video"), _("no fixed date")),
}


def undated(duty: Obligation) -> str | Promise:
    """When a duty without a date is to be met."""
    return UNDATED.get(duty.law.kind, _("before use"))


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


def act_of(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The one act that moves this duty on, if the reader may take it."""
    if subject is None or duty.state != State.OPEN:
        return None
    return ACTS.get(duty.law.kind, mend_it)(request, duty, subject)


def mend_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The page and the field that open the gate which this duty keeps closed; else the page of the subject."""
    gate = GATE_OF.get(duty.rule)
    if gate is None:
        return open_it(request, duty, subject)
    place = subject if duty.subject.startswith("deployment:") else None
    scenario = place.scenario if place else subject
    may_edit = request.access.can("edit_register", duty.pip_id)
    mend = mend_of(request, dict(gate.asks)[duty.rule], scenario, place, may_edit=may_edit)
    return Act(mend.label, mend.url, "arrow-right") if mend else open_it(request, duty, subject)


def open_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The page of the subject, where what is missing is put right."""
    known = subjects.KINDS.get(subjects.split(duty.subject)[0])
    if known is None:
        return Act(_("Open the PIP"), subject.get_absolute_url(), "arrow-right")
    return Act(known.open_label, subject.get_absolute_url(), known.icon)


def file_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """Confirm the count first; then open the dossier, or go on with the one that is open."""
    if duty.rule not in INITIAL_FILING:
        return open_it(request, duty, subject)
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
    """Go on with the assessment that is under way; else assess again, or for the first time."""
    standing = in_force(request, subject)
    if standing is not None and duty.rule not in ASSESS_ANEW:
        return Act(_("See the impact assessment"), standing.get_absolute_url(), "file-check")
    if standing is None or standing.is_being_renewed:
        mend = assessment_of(request, subject)
        return Act(mend.label, mend.url, "file-check") if mend else None
    if not request.access.can("write_assessment", duty.pip_id):
        return Act(_("See the impact assessment"), standing.get_absolute_url(), "file-check")
    url = reverse("assessments:renew", args=[request.tenant.slug, standing.reference])
    return Act(_("Assess again"), url, "refresh-cw", posts=True)


def sign_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The signs of the deployment: which device lacks one, and which one waits for its inspection."""
    url = reverse("deployments:signs", args=[request.tenant.slug, subject.pk])
    return Act(_("See the signs"), url, "flag")


def look_at_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """Where the register shows what is wrong."""
    return Act(SEEN[duty.law.kind], subject.get_absolute_url(), "arrow-right")


# The duties that a newer assessment meets.
ASSESS_ANEW = ("frm-09-pipia-again", "default-incident-reassess")
SEEN = {"ban": _("See the devices"), "warning": _("See the counts"), "sign": _("See the signs")}
ACTS = {
    "filing": file_it,
    "count": confirm_it,
    "warning": look_at_it,
    "assessment": assess_it,
    "sign": sign_it,
    "ban": look_at_it,
}


def reckoning_of(duty: Obligation, calendar: Workdays) -> Reckoning | None:
    """The days behind the due date, reckoned again as the rule did; None for a year without a calendar."""
    if duty.due_on is None or duty.reckoned_from is None:
        return None
    try:
        if duty.reckoned_unit == Unit.FIXED:
            return calendar.fixed(duty.reckoned_from)
        reckon = calendar.add if duty.reckoned_unit == Unit.WORKING else calendar.add_natural
        return reckon(duty.reckoned_from, duty.reckoned_days)
    except CalendarError:
        return None
