"""From a duty to what can be done about it: its subject's page, and the next act the reader may take."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.panels import in_force
from assessments.panels import mend_of as assessment_of
from deployments.mending import mend_of
from filings.joint import covering, on_the_way
from filings.models import ChangeCase, ChangeState, Filing, Termination
from portal.law.engine import RULES
from portal.law.gates import GATE_OF
from portal.law.reckoning import Reckoning, StripDay
from portal.law.threshold import FIRST_FILING
from portal.law.workdays import CalendarError, Workdays
from portal.obligations import subjects
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

LONGEST_STRIP = timedelta(weeks=8)
CHANGE_FILING, CANCELLATION = "frm-15-change", "frm-15-cancel"


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
    if duty.rule == CHANGE_FILING:
        return decide_it(request, duty, subject)
    if duty.rule == CANCELLATION:
        return cancel_it(request, duty, subject)
    if duty.rule == "default-below-threshold":
        return review_it(request, duty, subject)
    if duty.rule not in FIRST_FILING:
        return open_it(request, duty, subject)
    filing = (
        Filing.objects.filter(pip_id=duty.pip_id, kind="initial").exclude(state="accepted").order_by("-id").first()
    )
    filing = filing or on_the_way(duty.pip_id)
    if filing is not None and request.access.can("view_pip", filing.pip_id):
        may_go_on = request.access.can("prepare_filing", filing.pip_id)
        label = _("Go on with the dossier") if may_go_on else _("See the dossier")
        return Act(label, filing.get_absolute_url(), "folder-open")
    if not duty.is_confirmed:
        return confirm_it(request, duty, subject)
    if not request.access.can("prepare_filing", duty.pip_id):
        return None
    url = reverse("filings:open", args=[request.tenant.slug, duty.pk])
    return Act(_("Open the dossier"), url, "folder-plus", posts=True)


def decide_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The earliest change that nobody has decided on or confirmed; else the filing that carries the changes."""
    rows = ChangeCase.objects.filter(tenant=request.tenant, pip=duty.pip_id).waiting()
    rows = rows.select_related("tenant", "filing__tenant").order_by("effective_on", "id")
    first = rows.filter(is_substantial__isnull=True).first() or rows.first()
    if first is None:
        return open_it(request, duty, subject)
    if first.state == ChangeState.FILE and first.filing is None and request.access.can("prepare_filing", duty.pip_id):
        url = reverse("filings:open_change", args=[request.tenant.slug, duty.pip.uscc])
        return Act(_("Open the change filing"), url, "folder-plus")
    if first.filing is not None:
        return Act(_("Go on with the dossier"), first.filing.get_absolute_url(), "folder-open")
    label = _("Decide on the change") if first.state == ChangeState.DECIDE else _("See the change")
    return Act(label, first.get_absolute_url(), "git-compare")


def cancel_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The end of use, from which the cancellation is opened; where nobody began one, its first screen."""
    running = Termination.objects.filter(tenant=request.tenant, pip=duty.pip_id, state="running", way="cancel")
    ending = running.select_related("tenant").order_by("-id").first()
    joint = covering(duty.pip_id)
    if joint is not None and request.access.can("view_pip", joint.pip_id):
        return Act(_("See the joint filing"), joint.get_absolute_url() + "#members", "users")
    if ending is not None:
        return Act(_("See the end of use"), ending.get_absolute_url(), "circle-x")
    if not (request.access.can("prepare_filing", duty.pip_id) and request.access.can("edit_register", duty.pip_id)):
        return open_it(request, duty, subject)
    url = reverse("filings:ending_new", args=[request.tenant.slug, duty.pip.uscc])
    return Act(_("End the use"), url, "circle-x")


def prove_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The form that records the proof of a duty of the PIP itself; a missing day of the million is entered first."""
    slug, uscc = request.tenant.slug, duty.pip.uscc
    kind = PROOFS.get(duty.rule)
    if not request.access.can("edit_register", duty.pip_id) or kind is None:
        return Act(_("See the proofs"), reverse("deployments:governance", args=[slug, uscc]), "badge-check")
    if duty.rule == "cac-officer-report" and duty.arose_on is None:
        url = reverse("deployments:pip_edit", args=[slug, uscc]) + "#id_million_reached_on"
        return Act(_("Enter the day"), url, "square-pen")
    return Act(_("Record the proof"), reverse("deployments:proof_new", args=[slug, uscc, kind]), "badge-check")


def protect_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """Systems under MLPS stand with the PIP's proofs; every other protection with its scenario."""
    if duty.subject.startswith("pip:"):
        url = reverse("deployments:governance", args=[request.tenant.slug, duty.pip.uscc]) + "#mlps"
        return Act(_("See the MLPS systems"), url, "server")
    return mend_it(request, duty, subject)


def film_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The page of the site's video system: its filing with the police and its proofs."""
    if not duty.subject.startswith("site:"):
        return open_it(request, duty, subject)
    url = reverse("deployments:site_police", args=[request.tenant.slug, subject.pk])
    return Act(_("See the video system"), url, "cctv")


def count_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The counts behind an early warning, with the forecast."""
    return Act(_("See the counts"), reverse("deployments:counts", args=[request.tenant.slug, duty.pip.uscc]), "users")


def review_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The page on which counsel reviews a fall; for everybody else the PIP."""
    if not request.access.can("waive_finding", duty.pip_id):
        return open_it(request, duty, subject)
    url = reverse("deployments:below_review", args=[request.tenant.slug, duty.pip.uscc])
    return Act(_("Review the fall"), url, "scale")


def confirm_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """The page on which a person confirms day, method and reason of the crossing."""
    if not request.access.can("confirm_count", duty.pip_id):
        return None
    url = reverse("deployments:crossing_confirm", args=[request.tenant.slug, duty.pip.uscc])
    return Act(_("Confirm the crossing"), url, "badge-check")


def assess_it(request: HttpRequest, duty: Obligation, subject: Any) -> Act | None:
    """Go on with the assessment that is under way; else assess again, or for the first time."""
    if not duty.subject.startswith("scenario:"):
        return open_it(request, duty, subject)
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


SEEN = {"ban": _("See the devices"), "sign": _("See the signs")}
# Which proof meets a duty of the PIP itself.
PROOFS = {
    "pipl-51-internal-rules": "internal_rules",
    "default-rules-review": "internal_rules",
    "pipl-52-officer": "officer_appointment",
    "gbt-45574-officer": "officer_appointment",
    "cac-officer-report": "officer_report",
    "pipl-54-audit": "audit",
    "minors-37-audit": "minors_audit",
    "csl-23-logs": "log_retention",
    "cii-protection": "cii_protection",
}
# The duties that a newer assessment meets.
ASSESS_ANEW = ("frm-09-pipia-again", "default-incident-reassess")
ACTS = {
    "filing": file_it,
    "count": confirm_it,
    "warning": count_it,
    "governance": prove_it,
    "security": protect_it,
    "video": film_it,
    "assessment": assess_it,
    "sign": sign_it,
    "ban": look_at_it,
}


def reckoning_of(duty: Obligation, calendar: Workdays) -> Reckoning | None:
    """The days behind the due date, reckoned again as the rule did; None for a year without a calendar."""
    if duty.due_on is None or duty.reckoned_from is None:
        return None
    try:
        return calendar.reckon(duty.reckoned_from, duty.reckoned_days, duty.reckoned_unit)
    except CalendarError:
        return None


def days_left(duty: Obligation, today: date, calendar: Workdays) -> list[StripDay]:
    """The days from today to a date that isn't reckoned; none for one that has passed or is far."""
    if duty.due_on is None or not today < duty.due_on <= today + LONGEST_STRIP:
        return []
    found, number = [], 0
    for ahead in range((duty.due_on - today).days + 1):
        day = today + timedelta(days=ahead)
        try:
            why, kind = calendar.why(day)
        except CalendarError:
            return []
        is_working = kind in ("working", "makeup")
        number += is_working and ahead > 0
        found.append(
            StripDay(
                date=day,
                kind=kind,
                why=why,
                number=number if is_working else None,
                is_due=day == duty.due_on,
                is_safe=day == duty.safe_on,
            )
        )
    return found
