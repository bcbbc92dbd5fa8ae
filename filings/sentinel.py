"""The change sentinel: each filed item that is no longer what was accepted becomes one case, by whatever door it came.

The accepted snapshot is compared with the register. Facts of the PIP and of the scenarios themselves are read from the
audit trail too, so that an edit there and back is noticed. Nothing is compared before a filing is accepted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from deployments.models import Deployment, Scenario
from filings import filed
from filings.chain import accepted_snapshot as snapshot_of
from filings.filed import OF_PIP, OF_SCENARIO, Values, facts_about, tables_of
from filings.joint import covering
from filings.models import ChangeCase, Receipt, Snapshot
from portal.audit.models import AuditEvent
from portal.cases.models import Incident
from portal.law.changes import has_changed, weight_of
from portal.law.facts import civil_day
from portal.law.rules.assessment import MAJOR
from portal.tenancy.models import Pip, next_reference

SCENARIO, PIP = "deployments_scenario", "tenancy_pip"
Key = tuple[int | None, str]  # the scenario, or None for the PIP itself, and the item
ABSENT = {"scenario": {"state": "absent"}}


@dataclass(frozen=True)
class Seen:
    """A step of the trail that brought a filed item to another value than the filed one."""

    event: AuditEvent
    value: dict[str, Any]


@dataclass
class Watch:
    """What is known of a PIP whose filing is accepted: the filed values and today's, item by item."""

    pip: Pip
    snapshot: Snapshot
    event: int
    scenarios: dict[int, Scenario]
    filed: dict[int | None, Values]
    now: dict[int | None, Values]
    last: dict[Key, ChangeCase] = field(default_factory=dict)

    def reference(self, key: Key) -> dict[str, Any]:
        """What a change is measured by: what was judged last, else what was filed."""
        case = self.last.get(key)
        return self.filed[key[0]][key[1]] if case is None else case.judged or {}

    def since(self, key: Key) -> int:
        """The step of the trail up to which an item has been looked at."""
        case = self.last.get(key)
        return self.event if case is None else case.judged_event or self.event


def accepted_snapshot(pip: Pip) -> Snapshot | None:
    """What the authority accepted last of a PIP, be it as a member; None before that, and once it is cancelled."""
    receipt = (
        Receipt.objects.filter(tenant_id=pip.tenant_id, pip=pip, kind="accepted")
        .select_related("filing", "submission__snapshot")
        .order_by("-id")
        .first()
    )
    if receipt is None:
        joint = covering(pip)
        return snapshot_of(joint) if joint else None
    if receipt.filing.kind == "termination":
        return None
    snapshot = receipt.submission.snapshot
    snapshot.filing = receipt.filing
    return snapshot


def notice_changes(pip: Pip, *, today: date) -> int:
    """Open a case for each filed item that changed and has none; how many."""
    snapshot = accepted_snapshot(pip)
    if snapshot is None:
        return 0
    watch = watch_of(pip, snapshot, today)
    passed = _passed_through(watch)
    found = [key for key in keys_of(watch) if _is_new(watch, key, passed)]
    if not found:
        return 0
    newest = _newest_events(watch, found)
    for key in found:
        case = _case(watch, key, passed.get(key), newest, today)
        case.reference = next_reference("CHG", today.year)
        case.save(force_insert=True)
    return len(found)


def watch_of(pip: Pip, snapshot: Snapshot, today: date) -> Watch:
    """The filed values, today's values and the cases there are, in a fixed number of queries."""
    facts = facts_about(snapshot, pip)
    of_scenarios = filed.filed_of_scenarios(facts)
    rows = Scenario.objects.filter(tenant_id=pip.tenant_id, pip=pip)
    scenarios = {
        one.pk: one for one in (*rows.filter(pk__in=of_scenarios), *filed.came_into_use(pip, of_scenarios, today))
    }
    now = filed.now_of_scenarios(list(scenarios.values()))
    watch = Watch(
        pip=pip,
        snapshot=snapshot,
        event=_event_of(snapshot),
        scenarios=scenarios,
        filed={None: filed.filed_of_pip(facts), **{pk: of_scenarios.get(pk, ABSENT) for pk in scenarios}},
        now={None: filed.now_of_pip(pip, today), **{pk: settle(of_scenarios.get(pk), now[pk]) for pk in scenarios}},
    )
    _leave_out_reports(watch)
    # A change noticed after this dossier was frozen isn't in it, even if it was measured by the one before.
    known = Q(against=snapshot) | Q(noticed_at__gt=snapshot.frozen_at)
    for case in ChangeCase.objects.filter(known, tenant_id=pip.tenant_id, pip=pip).order_by("id"):
        watch.last[case.scenario_id, case.item] = case
    return watch


def settle(filed_values: Values | None, now: Values) -> Values:
    """A scenario filed without a place, and one that comes into use without one, is in use all the same."""
    has_places = bool(filed_values and filed_values.get("places", {}).get("places"))
    if not has_places and now["scenario"]["state"] == "ended":
        return now | {"scenario": {"state": "in_use"}}
    return now


def _leave_out_reports(watch: Watch) -> None:
    """A new assessment is watched only where a major incident came between (LAW.md 2.9)."""
    changed = [
        pk
        for pk in watch.scenarios
        if "incident" in watch.filed[pk] and watch.filed[pk]["incident"] != watch.now[pk]["incident"]
    ]
    if not changed:
        return
    rows = Incident.objects.filter(
        tenant_id=watch.pip.tenant_id, pip=watch.pip, grade__in=MAJOR, discovered_at__gt=watch.snapshot.frozen_at
    )
    struck = set(rows.values_list("scenario_id", flat=True))
    for pk in changed:
        if not struck & {pk, None}:
            watch.now[pk]["incident"] = watch.filed[pk]["incident"]


def keys_of(watch: Watch) -> Iterator[Key]:
    """The items to be compared; of a scenario that has ended, or that is new, nothing else is."""
    yield from ((None, item.code) for item in OF_PIP if item.code in watch.filed[None])
    for pk in watch.scenarios:
        is_whole = watch.now[pk]["scenario"]["state"] != "in_use" or watch.filed[pk] is ABSENT
        codes = ("scenario",) if is_whole else tuple(item.code for item in OF_SCENARIO)
        yield from ((pk, code) for code in codes if code in watch.filed[pk])


def _is_new(watch: Watch, key: Key, passed: dict[Key, Seen]) -> bool:
    """Whether a change has no case yet: an undecided one takes every further edit of its item with it."""
    last = watch.last.get(key)
    if last is not None and last.is_substantial is None:
        return False
    if key in passed:
        return True
    of, code = key
    now = watch.now[of][code]
    return has_changed(code, watch.filed[of][code], now) and has_changed(code, watch.reference(key), now)


def _passed_through(watch: Watch) -> dict[Key, Seen]:
    """By item, the first step of the trail after which it wasn't what was filed or judged, even if it is again."""
    events = AuditEvent.objects.filter(
        tenant_id=watch.pip.tenant_id,
        table_name__in=(SCENARIO, PIP),
        row_id__in=[str(pk) for pk in (*watch.scenarios, watch.pip.pk)],
        pip_id=watch.pip.pk,
        operation="update",
        id__gt=watch.event,
    )
    found: dict[Key, Seen] = {}
    for event in events.order_by("id"):
        of = None if event.table_name == PIP else int(event.row_id)
        if of not in watch.filed:
            continue
        changes = event.content["changes"]
        for code, value in watch.filed[of].items():
            key = (of, code)
            seen = value | {name: changes[name][1] for name in value if name in changes}
            is_late = event.pk > watch.since(key) and key not in found
            if is_late and has_changed(code, value, seen) and _differs_there(watch.reference(key), changes):
                found[key] = Seen(event, seen)
    return found


def _differs_there(reference: dict[str, Any], changes: dict[str, Any]) -> bool:
    """Whether one of the changed columns isn't what was judged."""
    return any(name in changes and changes[name][1] != value for name, value in reference.items())


def _newest_events(watch: Watch, keys: Sequence[Key]) -> dict[str, AuditEvent]:
    """The newest step of the trail in each table that the changes may have come from."""
    tables = frozenset().union(*(tables_of(code) for _of, code in keys))
    rows = AuditEvent.objects.filter(
        tenant_id=watch.pip.tenant_id, pip_id=watch.pip.pk, table_name__in=tables, id__gt=watch.event
    )
    return {event.table_name: event for event in rows.order_by("table_name", "-id").distinct("table_name")}


def _case(watch: Watch, key: Key, seen: Seen | None, newest: dict[str, AuditEvent], today: date) -> ChangeCase:
    of, code = key
    old, now = watch.filed[of][code], watch.now[of][code]
    # An edit there and back: what it was in between is what is weighed.
    new = now if has_changed(code, old, now) or seen is None else seen.value
    event = (
        seen.event
        if seen
        else max((newest[table] for table in tables_of(code) if table in newest), key=lambda one: one.pk, default=None)
    )
    return ChangeCase(
        tenant_id=watch.pip.tenant_id,
        pip=watch.pip,
        against=watch.snapshot,
        scenario_id=of,
        item=code,
        old=old,
        new=new,
        event=event.pk if event else None,
        noticed_at=timezone.now(),
        weight=weight_of(code, old, new),
        effective_on=_effective_on(watch, key, event, today),
    )


def _effective_on(watch: Watch, key: Key, event: AuditEvent | None, today: date) -> date:
    """The day that the register itself gives, else that of the edit: the law counts from the change (FRM Art 15)."""
    of, code = key
    frozen_on = date.fromisoformat(watch.snapshot.facts["frozen_on"])
    edited_on = min(civil_day(event.at), today) if event else today
    told = None
    if code == "persons":
        told = filed.day_of_persons(watch.pip, watch.reference(key), frozen_on - timedelta(days=1), today)
    elif code == "scenario":
        told = _day_of_scenario(of, watch.now[of][code]["state"], today)
    return told if told and frozen_on <= told <= today else edited_on


def _day_of_scenario(of: int | None, state: str, today: date) -> date | None:
    """Since when a scenario is used, or no longer."""
    rows = Deployment.objects.filter(scenario=of)
    if state == "ended":
        return rows.order_by("-ended_on").values_list("ended_on", flat=True).exclude(ended_on=None).first()
    if state == "in_use":
        return rows.order_by("started_on").values_list("started_on", flat=True).exclude(started_on=None).first()
    return None


def _event_of(snapshot: Snapshot) -> int:
    """The step of the trail at which the dossier was frozen: later ones are changes."""
    rows = AuditEvent.objects.filter(
        tenant_id=snapshot.tenant_id, table_name=Snapshot._meta.db_table, row_id=str(snapshot.pk)
    )
    return rows.order_by("id").values_list("pk", flat=True).first() or 0


def value_now(case: ChangeCase, today: date) -> dict[str, Any]:
    """What the register says now of the item of a case."""
    if case.scenario_id is None:
        return filed.now_of_pip(case.pip, today, only=(case.item,))[case.item]
    only = (case.item, "places") if case.item == "scenario" else (case.item,)
    now = filed.now_of_scenarios([case.scenario], only=only)[case.scenario_id]
    if case.item == "scenario":
        was = filed.filed_of_scenarios(facts_about(case.against, case.pip)).get(case.scenario_id)
        return settle(was, now)["scenario"]
    return now[case.item]
