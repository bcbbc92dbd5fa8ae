"""What comes next in a case or an incident: who, what, and until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.calendars.clock import working_days_left
from portal.cases.choices import State
from portal.cases.models import Case, Incident
from portal.obligations.models import Obligation
from portal.obligations.models import State as DutyState

SCENARIO_OWNER, STAFF, OFFICER, SITE_OWNER = (
    _("Scenario owner"),
    _("Site staff"),
    _("Compliance officer"),
    _("Site owner"),
)
# What an open case of each kind asks for, and whose it is.
NEXT: dict[str, tuple[str | Promise, str | Promise]] = {
    "withdrawal": (_("Stop the processing, delete the face information, and answer"), SCENARIO_OWNER),
    "access": (_("Give access or a copy, and answer"), OFFICER),
    "correction": (_("Check and correct, and answer"), OFFICER),
    "deletion": (_("Delete the face information, and answer"), OFFICER),
    "transfer": (_("Offer a way to transfer, and answer"), OFFICER),
    "explanation": (_("Explain the processing rules"), OFFICER),
    "decision": (_("Explain the automated decision, or have a person decide"), OFFICER),
    "relatives": (_("Check the relatives' request, and answer"), OFFICER),
    "refusal": (_("Offer another reasonable and convenient way, and record which was used"), STAFF),
    "complaint": (_("Look into the complaint, and answer"), OFFICER),
    "viewing": (_("Decide with the manager of the system, and answer"), SITE_OWNER),
    "inspection": (_("Answer the authority, and record the day"), OFFICER),
}


@dataclass(frozen=True)
class Next:
    """The line under the title; with ``posts`` its button acts at once."""

    what: str | Promise
    who: str | Promise = ""
    on: date | None = None
    left: int | None = None
    safe: date | None = None
    is_provisional: bool = False
    at: datetime | None = None
    tone: str = ""
    url: str = ""
    label: str | Promise = ""
    icon: str = "arrow-right"
    posts: bool = False


def next_of_case(request: HttpRequest, case: Case, duties: Iterable[Obligation], *, today: date) -> Next | None:
    """Answer, prove the deletion, close; nothing comes after that."""
    may_edit = request.access.can("edit_register", case.pip_id)

    def act(name: str) -> str:
        return reverse(f"cases:{name}", args=[request.tenant.slug, case.reference]) if may_edit else ""

    what, who = NEXT[case.kind]
    if case.state == State.OPEN:
        dated = [duty for duty in duties if duty.state == DutyState.OPEN and duty.due_on]
        duty = min(dated, key=lambda one: one.due_on, default=None)
        due = (
            {
                "on": duty.due_on,
                "left": working_days_left(today, duty.due_on),
                "safe": duty.safe_on,
                "is_provisional": duty.is_provisional,
            }
            if duty
            else {}
        )
        return Next(what, who, url=act("answer"), label=_("Answer"), icon="message-square-reply", **due)
    if case.needs_deletion:
        sentence = _("Prove that the face information is deleted")
        return Next(sentence, who, tone="warn", url=act("proof"), label=_("Add the proof"), icon="file-check")
    if case.state == State.ANSWERED:
        return Next(
            _("Everything is answered: close the case"), who, url=act("close"), label=_("Close the case"), posts=True
        )
    return None


# In the order in which PIPL 57 asks for it.
INCIDENT_NEXT: dict[str, str | Promise] = {
    "remedied_at": _("Stop the harm: take remedial measures at once"),
    "authority_told_at": _("Tell the authority now"),
    "persons_told_at": _("Tell the persons affected, or record why no harm threatens them"),
}


def first_missing(incident: Incident, *, is_timed: bool) -> str:
    """The step that comes next: the authority while its hours run, else in the order of PIPL 57."""
    missing = incident.missing
    if is_timed and "authority_told_at" in missing:
        return "authority_told_at"
    return missing[0] if missing else ""


def next_of_incident(request: HttpRequest, incident: Incident, duties: Iterable[Obligation]) -> Next | None:
    """The authority first while its hours run; then remedy, persons, close."""
    if incident.state != "open":
        return None
    may_edit = request.access.can("edit_register", incident.pip_id)
    due_at = next((duty.due_at for duty in duties if duty.due_at and duty.state == DutyState.OPEN), None)
    name = first_missing(incident, is_timed=due_at is not None)
    if not name:
        url = reverse("cases:incident_close", args=[request.tenant.slug, incident.reference]) if may_edit else ""
        label = _("Close the incident")
        return Next(_("Everything is done: close the incident"), OFFICER, url=url, label=label, posts=True)
    return Next(
        INCIDENT_NEXT[name],
        OFFICER,
        at=due_at if name == "authority_told_at" else None,
        tone="bad",
        url="#steps",
        label=_("Record the moment"),
        icon="clock",
    )
