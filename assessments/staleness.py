"""What changed since an assessment was made: each change of a watched fact is noticed once, by whatever door it came.

Facts of the scenario itself are read from the audit trail, so that an edit there and back is noticed too. Vendors and
kinds of places are compared with what was last known.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from assessments.frozen import WATCHED, fact_in_words, freeze_all, place_types, vendors
from assessments.models import AssessedScenario, Outdating
from deployments.models import Scenario
from portal.audit.models import AuditEvent
from portal.law.facts import civil_day
from portal.tenancy.models import Pip

SCENARIO = "deployments_scenario"
OF_SCENARIO = frozenset(WATCHED) - {"vendors", "place_types"}
COMPARED = {"vendors": ("deployments_engagement",), "place_types": ("deployments_site", "deployments_deployment")}


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


def notice_changes(pip: Pip) -> int:
    """Write down the changes that the approved assessments of a PIP don't know yet; how many."""
    covered = list(
        AssessedScenario.objects.filter(pip=pip, assessment__state="approved").select_related("scenario__pip")
    )
    if not covered:
        return 0
    known = defaultdict(set)
    last: dict[tuple[int, int, str], str] = {}
    for row in Outdating.objects.filter(pip=pip, assessment__state="approved").order_by("id"):
        known[row.assessment_id].add((row.fact, row.event))
        last[row.assessment_id, row.scenario_id, row.fact] = row.new
    found = [
        *(row for row in _from_trail(covered) if (row.fact, row.event) not in known[row.assessment_id]),
        *_compared(covered, last),
    ]
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


def _compared(covered: list[AssessedScenario], last: dict[tuple[int, int, str], str]) -> Iterator[Outdating]:
    """Vendors and kinds of places that are others than was last known."""
    ids = [row.scenario_id for row in covered]
    now = {"vendors": vendors(ids), "place_types": place_types(ids)}
    for row in covered:
        for fact, tables in COMPARED.items():
            before = last.get((row.assessment_id, row.scenario_id, fact), shown(row.facts.get(fact)))
            after = shown(now[fact].get(row.scenario_id, []))
            if fact not in row.facts or before == after:
                continue
            event = AuditEvent.objects.filter(pip_id=row.pip_id, table_name__in=tables).order_by("-id").first()
            if event is not None:
                yield _outdating(row, fact, before, after, event)


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
    return list(dict.fromkeys(found))


def shown(value: Any) -> str:
    """A frozen value as text: lists in their order, yes and no as codes that the page puts into words."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
