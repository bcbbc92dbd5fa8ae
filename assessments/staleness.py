"""What changed since an assessment was made: each change of a watched fact is noticed once, by whatever door it came.

Facts of the scenario itself are read from the audit trail, so that an edit there and back is noticed too. Vendors and
kinds of places are compared with what was last known. A security incident counts from the step that graded it major.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from assessments.frozen import WATCHED, fact_in_words, freeze_all, place_types, vendors
from assessments.models import INCIDENT, AssessedScenario, Outdating
from deployments.models import Deployment, Engagement, Scenario, Site
from portal.audit.models import AuditEvent
from portal.cases.models import Incident
from portal.law.facts import civil_day
from portal.law.rules.assessment import MAJOR
from portal.tenancy.models import Pip

SCENARIO = "deployments_scenario"
OF_SCENARIO = frozenset(WATCHED) - {"vendors", "place_types"}
# Where the facts stand that are compared: the tables with the key that leads from their rows to the scenario.
COMPARED: dict[str, tuple[tuple[type[Model], str], ...]] = {
    "vendors": ((Engagement, "scenario"),),
    "place_types": ((Deployment, "scenario"), (Site, "deployments__scenario")),
}  # What makes an assessment outdated and is no fact of the register.
HAPPENED: dict[str, str | Promise] = {INCIDENT: gettext_lazy("major security incident")}
# Frozen facts that are no column of the scenario.
MORE: dict[str, str | Promise] = {
    "pip": gettext_lazy("PIP"),
    "places": gettext_lazy("places"),
    "devices": gettext_lazy("devices"),
    "device_number": gettext_lazy("devices"),
    "persons": gettext_lazy("persons stored"),
    "persons_on": gettext_lazy("persons stored"),
    "vendor_names": gettext_lazy("vendors and recipients"),
    "ways": gettext_lazy("other ways than FR"),
    "controls": gettext_lazy("protection measures"),
}


def notice_changes(pip: Pip, *, today: date) -> int:
    """Write down the changes that the approved assessments of a PIP don't know yet; how many.

    The trail is written by the database's clock: no change is dated later than the civil day on which it is noticed.
    """
    covered = list(
        AssessedScenario.objects.filter(pip=pip, assessment__state="approved").select_related("scenario__pip")
    )
    if not covered:
        return 0
    known = defaultdict(set)
    last: dict[tuple[int, int, str], Outdating] = {}
    for row in Outdating.objects.filter(pip=pip, assessment__state="approved").order_by("id"):
        known[row.assessment_id].add((row.scenario_id, row.fact, row.event))
        last[row.assessment_id, row.scenario_id, row.fact] = row
    by_step = [*_from_trail(covered), *_from_incidents(pip, covered)]
    found = [
        *(row for row in by_step if (row.scenario_id, row.fact, row.event) not in known[row.assessment_id]),
        *_compared(covered, last),
    ]
    for row in found:
        row.changed_on = min(row.changed_on, today)
    Outdating.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)


def _from_trail(covered: list[AssessedScenario]) -> Iterator[Outdating]:
    """Each edit of a watched column of a scenario since its facts were frozen."""
    of: dict[str, list[AssessedScenario]] = defaultdict(list)
    for row in covered:
        of[str(row.scenario_id)].append(row)
    events = AuditEvent.objects.filter(
        table_name=SCENARIO,
        row_id__in=list(of),
        operation="update",
        id__gt=min(row.frozen_at_event for row in covered),
    )
    for event in events.order_by("id"):
        changes = event.content["changes"]
        for row in of[event.row_id]:
            if event.pk <= row.frozen_at_event:
                continue
            for fact in sorted(OF_SCENARIO & changes.keys()):
                old, new = changes[fact]
                yield _outdating(row, fact, old, new, event)


def _from_incidents(pip: Pip | int, covered: Sequence[AssessedScenario]) -> Iterator[Outdating]:
    """Each incident that was graded major after the facts were frozen, of the scenario or of the PIP as a whole."""
    incidents = {str(one.pk): one for one in Incident.objects.filter(pip=pip, grade__in=MAJOR)}
    if not incidents:
        return
    table = Incident._meta.db_table
    for event in AuditEvent.objects.filter(table_name=table, row_id__in=list(incidents)).order_by("id"):
        old, new = event.content.get("changes", {}).get("grade", (None, event.content.get("new", {}).get("grade")))
        if new not in MAJOR or old in MAJOR:
            continue
        incident = incidents[event.row_id]
        for row in covered:
            if incident.scenario_id in (None, row.scenario_id) and event.pk > row.frozen_at_event:
                yield _outdating(row, INCIDENT, "", incident.reference, event)


def _compared(covered: list[AssessedScenario], last: dict[tuple[int, int, str], Outdating]) -> Iterator[Outdating]:
    """Vendors and kinds of places that are others than was last known."""
    ids = [row.scenario_id for row in covered]
    now = {"vendors": vendors(ids), "place_types": place_types(ids)}
    for row in covered:
        for fact in COMPARED:
            former = last.get((row.assessment_id, row.scenario_id, fact))
            before = former.new if former else shown(row.facts.get(fact))
            after = shown(now[fact].get(row.scenario_id, []))
            if fact not in row.facts or before == after:
                continue
            event = _behind(row, fact, former.event if former else row.frozen_at_event)
            if event is not None:
                yield _outdating(row, fact, before, after, event)


def _behind(row: AssessedScenario, fact: str, since: int) -> AuditEvent | None:
    """The newest step of the trail about the rows that this fact of the scenario comes from.

    A deployment that left the scenario is found among all of the PIP's.
    """
    own, all_of_pip = Q(), Q()
    for model, key in COMPARED[fact]:
        ids = model.objects.filter(**{key: row.scenario_id}).values_list("pk", flat=True)
        all_of_pip |= Q(table_name=model._meta.db_table)
        own |= Q(table_name=model._meta.db_table, row_id__in=[str(pk) for pk in set(ids)])
    events = AuditEvent.objects.filter(pip_id=row.pip_id).order_by("-id")
    return events.filter(own, id__gt=since).first() or events.filter(all_of_pip).first()


def _outdating(row: AssessedScenario, fact: str, old: Any, new: Any, event: AuditEvent) -> Outdating:
    return Outdating(
        tenant_id=row.tenant_id,
        pip_id=row.pip_id,
        assessment_id=row.assessment_id,
        scenario_id=row.scenario_id,
        fact=fact,
        old=shown(old),
        new=shown(new),
        changed_on=civil_day(event.at),
        event=event.pk,
    )


@dataclass(frozen=True)
class Drift:
    """A fact of a scenario that isn't what it was when a draft was begun; without words for what is too long."""

    scenario: Scenario
    label: str
    old: str = ""
    new: str = ""
    is_watched: bool = False


def since_begun(covered: Sequence[AssessedScenario]) -> list[Drift]:
    """What the register says now otherwise than the facts that an open assessment was begun with."""
    now = freeze_all([row.scenario for row in covered])
    found = []
    for row in covered:
        for fact, value in now[row.scenario_id].items():
            old = row.facts.get(fact)
            if old == value:
                continue
            if fact in WATCHED:
                words = (fact_in_words(fact, shown(old)), fact_in_words(fact, shown(value)))
                found.append(Drift(row.scenario, str(WATCHED[fact]), *words, is_watched=True))
            elif fact in MORE:
                found.append(Drift(row.scenario, str(MORE[fact])))
            else:
                found.append(Drift(row.scenario, str(Scenario._meta.get_field(fact).verbose_name)))
    scenarios = {row.scenario_id: row.scenario for row in covered}
    if covered:
        came = _from_incidents(covered[0].pip_id, covered)
        label = str(HAPPENED[INCIDENT])
        found += [Drift(scenarios[one.scenario_id], label, "", one.new, is_watched=True) for one in came]
    return list(dict.fromkeys(found))


def shown(value: Any) -> str:
    """A frozen value as text: lists in their order, yes and no as codes that the page puts into words."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
