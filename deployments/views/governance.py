"""What a PIP proves of itself: internal rules, training, officer, audits, logs, and its systems under MLPS."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from deployments import services, standing
from deployments.choices import governance_kinds
from deployments.forms_governance import ProofForm
from deployments.models import GovernanceRecord, MlpsSystem, Scenario
from deployments.views.editing import FormPage, edit, for_writing
from deployments.views.mlps import number_hint
from deployments.views.pips import crumbs_of
from deployments.views.places import place_url
from portal.accounts.pages import page
from portal.calendars.clock import civil_today
from portal.law.enums import MINORS, OF_SITE
from portal.law.sources import CSL, PIPL, Cite
from portal.tenancy.models import Pip

MILLION = 1_000_000
CITES: dict[str, tuple[Cite, ...]] = {
    "internal_rules": (PIPL(51),),
    "training": (PIPL(51),),
    "officer_appointment": (PIPL(52), Cite("AUDIT", "12")),
    "officer_report": (Cite("CAC-2025-07-18"),),
    "audit": (PIPL(54), Cite("AUDIT")),
    "minors_audit": (Cite("MINORS", "37"), Cite("CAC-2025-12-29")),
    "log_retention": (CSL(23),),
    "cii_protection": (Cite("CII"),),
}
# How many proofs of each kind a page shows; the trail has the rest.
SHOWN = 5


@dataclass(frozen=True)
class Line:
    """One kind of proof: the newest one, until when it holds, and whether the law asks for it here."""

    kind: str
    words: str
    newest: GovernanceRecord | None
    state: str
    until: date | None
    asked: str
    cites: tuple[Cite, ...]

    @property
    def is_by_default(self) -> bool:
        """Whether the end is the portal's own: the rules themselves name none."""
        return self.kind == "internal_rules" and self.newest is not None and self.newest.valid_until is None

    @property
    def tone(self) -> str:
        """Red is for what is overdue only."""
        return "bad" if self.state == "expired" else "warn"


def kinds_of_pip() -> dict[str, str]:
    """The kinds that belong to the PIP itself; those of a site's video system have their own page."""
    return {code: str(words) for code, words in governance_kinds() if code not in OF_SITE}


def asked_of(row: Any) -> dict[str, str]:
    """Why the law doesn't ask for a kind here, in words; empty where it does."""
    million = (row.total_pi_persons or 0) >= MILLION or row.million_reached_on is not None
    below = _("asked from 1,000,000 persons on, of whom any personal information is held")
    return {
        "officer_appointment": "" if million else below,
        "officer_report": "" if million else below,
        "minors_audit": "" if row.has_minors else _("asked where persons under 18 are recognised"),
        "cii_protection": "" if row.is_cii else _("asked of operators of critical information infrastructure"),
    }


def lines_of(row: Any, records: list[GovernanceRecord]) -> list[Line]:
    """A line for each kind, with its newest proof."""
    today, why_not = civil_today(), asked_of(row)
    newest: dict[str, GovernanceRecord] = {}
    for record in records:
        newest.setdefault(record.kind, record)
    lines = []
    for kind, words in kinds_of_pip().items():
        found, reason = newest.get(kind), why_not.get(kind, "")
        until = standing.holds_until(found, row.total_pi_persons) if found else None
        state = standing.of_proof(found, until, today, is_asked=not reason)
        lines.append(Line(kind, words, found, state, until, reason, CITES[kind]))
    return lines


@page("view_pip")
def governance(request: HttpRequest, uscc: str) -> HttpResponse:
    """The proofs of a PIP by kind, and its systems under MLPS."""
    minors = Scenario.objects.filter(pip=OuterRef("pk"), subject_groups__overlap=sorted(MINORS))
    row = request.access.get(Pip.objects.annotate(has_minors=Exists(minors)), "view_pip", uscc=uscc)
    row.tenant = request.tenant
    proofs = list(newest_of_each_kind(request, row))
    systems = MlpsSystem.objects.filter(tenant=request.tenant, pip=row).select_related("evidence")
    lines = lines_of(row, proofs)
    context = {
        "pip": row,
        "lines": lines,
        "next": next((line for line in lines if line.state in ("expired", "missing")), None),
        "history": proofs,
        "systems": [(one, number_hint(one)) for one in systems.annotate(scenarios_number=Count("scenarios"))],
        "facts": pip_facts(row),
        "steps": crumbs_of(request, row, _("Governance")),
        "may_edit": request.access.can("edit_register", row),
    }
    return render(request, "deployments/governance.html", context)


def newest_of_each_kind(request: HttpRequest, row: Pip) -> QuerySet:
    """The last proofs of each kind, the newest first, however many there are of other kinds."""
    latest_first = (F("done_on").desc(), F("id").desc())
    rows = GovernanceRecord.objects.filter(tenant=request.tenant, pip=row, site__isnull=True)
    ranked = rows.annotate(rank=Window(RowNumber(), partition_by=F("kind"), order_by=latest_first))
    return ranked.filter(rank__lte=SHOWN).select_related("evidence", "recorded_by").order_by(*latest_first)


def pip_facts(row: Pip) -> list[tuple[Any, ...]]:
    """Label, value and note of what decides which duties a PIP has."""
    return [
        (_("PI protection officer"), row.officer_name),
        (_("Contact of the officer"), " ".join(filter(None, (row.officer_phone, row.officer_email)))),
        (_("Persons of whom any personal information is held"), row.total_pi_persons),
        (_("1,000,000 reached on"), row.million_reached_on or "–"),
        (_("Operates CII"), row.is_cii),
        (_("Central or state organ"), row.is_state_organ),
        (_("Own target for answers"), _("%(n)d working days") % {"n": row.reply_days}, _("not law")),
    ]


@page("edit_register", writes=True)
def proof_new(request: HttpRequest, uscc: str, kind: str) -> HttpResponse:
    """Record a proof of one kind."""
    kinds = kinds_of_pip()
    row = request.access.get(for_writing(request, Pip.objects.all()), "edit_register", uscc=uscc)
    if kind not in kinds:
        raise Http404
    listed = place_url(request, "governance", uscc)
    return edit(
        request,
        FormPage(
            kinds[kind],
            _("Record the proof"),
            listed,
            [*crumbs_of(request, row), (_("Governance"), listed), (kinds[kind], "")],
            note=row.name,
        ),
        ProofForm(
            request.POST or None,
            request.FILES or None,
            instance=GovernanceRecord(tenant=request.tenant, pip=row, kind=kind),
            initial={"done_on": civil_today(), "year": civil_today().year - 1},
            request=request,
        ),
        lambda values: services.record_proof(row, kind=kind, by=request.user, today=civil_today(), **values),
        to=listed,
        said=_("The proof is recorded."),
    )
