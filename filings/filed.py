"""What is watched of a filing, item by item: as a frozen dossier says it, and as the register says it now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from deployments import choices
from deployments.models import Deployment, Device, GovernanceRecord, NoticeVersion, PersonCount, Scenario
from filings.models import Snapshot
from filings.parts import frozen_parts, parts_of
from filings.register import IN_USE, facts_on, newest_approved, total_on
from portal.law.changes import BY_CODE, ITEMS, has_changed
from portal.law.facts import Count
from portal.law.meter import latest
from portal.tenancy.models import Pip

Facts = Mapping[str, Any]
Values = dict[str, dict[str, Any]]

OF_PIP = tuple(item for item in ITEMS if item.is_of_pip)
OF_SCENARIO = tuple(item for item in ITEMS if not item.is_of_pip)
COLUMNS_OF_PIP = frozenset(field.name for field in Pip._meta.concrete_fields)
COLUMNS_OF_SCENARIO = frozenset(field.name for field in Scenario._meta.concrete_fields) - {"mlps"}
PARTS = frozenset({"alternatives", "consent", "vendors", "controls", "mlps"})


def beside(pip: Pip, scenarios: Sequence[Scenario], on: date) -> dict[str, Any]:
    """What a dossier freezes for the watch alone, beside what its forms say."""
    notices = _notices([one.pk for one in scenarios])
    return {
        "persons": total_on(pip, on).high,
        "procedures": _procedures(pip),
        "notices": {one.code: notices.get(one.pk, 0) for one in scenarios},
        "ids": {one.code: one.pk for one in scenarios},
    }


def facts_about(snapshot: Snapshot, pip: Pip) -> Facts:
    """What a snapshot says of a PIP: of the one that files, or of a member of the joint filing."""
    if snapshot.pip_id == pip.pk:
        return snapshot.facts
    return snapshot.facts["members"][str(pip.pk)]


def filed_of_pip(facts: Facts) -> Values:
    """The items of the PIP as a dossier froze them; older dossiers lack some facts, and these are left out."""
    known = dict(facts["pip"])
    if "persons" in facts:
        known["persons"] = facts["persons"]
    if "procedures" in facts:
        known |= facts["procedures"]
    return _values(OF_PIP, known)


def filed_of_scenarios(facts: Facts) -> dict[int, Values]:
    """The items of each scenario as a dossier froze them, by its id."""
    ids = facts.get("ids") or _ids_of(one["code"] for one in facts["scenarios"])
    found = {}
    for one in facts["scenarios"]:
        if one["code"] not in ids:
            continue
        known = {name: value for name, value in one.items() if name in COLUMNS_OF_SCENARIO or name in PARTS}
        known |= {
            "devices": _models((kind["maker"], kind["model"]) for kind in one["devices"]),
            "places": _places((kind["province"], kind["place_type"]) for kind in one["deployments"]),
            "assessment": (one["assessment"] or {}).get("reference", ""),
            "state": "in_use",
        }
        if "notices" in facts:
            known["notice"] = facts["notices"].get(one["code"], 0)
        found[ids[one["code"]]] = _values(OF_SCENARIO, _plain(known))
    return found


def _ids_of(codes: Iterable[str]) -> dict[str, int]:
    """Dossiers frozen before the watch name their scenarios by code only."""
    return dict(Scenario.objects.filter(code__in=list(codes)).values_list("code", "pk"))


def now_of_pip(pip: Pip, on: date, only: Collection[str] | None = None) -> Values:
    """The items of the PIP as the register says them now; ``only`` some of them."""
    items = [item for item in OF_PIP if only is None or item.code in only]
    names = {part.name for item in items for part in item.parts}
    known = {name: getattr(pip, name) for name in names & COLUMNS_OF_PIP}
    if "persons" in names:
        known["persons"] = total_on(pip, on).high
    if "rules_on" in names:
        known |= _procedures(pip)
    return _values(items, known)


def now_of_scenarios(scenarios: Sequence[Scenario], only: Collection[str] | None = None) -> dict[int, Values]:
    """The items of each scenario as the register says them now, one query a table that they stand in."""
    items = [item for item in OF_SCENARIO if only is None or item.code in only]
    names = {part.name for item in items for part in item.parts}
    ids = [one.pk for one in scenarios]
    parts = parts_of(list(scenarios)) if names & PARTS else {}
    devices = _devices(ids) if "devices" in names else {}
    used = _used(ids) if names & {"places", "state"} else {}
    approved = newest_approved(list(scenarios)) if "assessment" in names else {}
    notices = _notices(ids) if "notice" in names else {}
    found = {}
    for one in scenarios:
        known = {name: getattr(one, name) for name in names & COLUMNS_OF_SCENARIO}
        known |= frozen_parts(parts[one.pk]) if parts else {}
        known |= {
            "devices": _models(devices.get(one.pk, ())),
            "places": _places(used.get(one.pk, ())),
            "assessment": approved[one.pk].reference if one.pk in approved else "",
            "state": _state(one, bool(used.get(one.pk))),
            "notice": notices.get(one.pk, 0),
        }
        found[one.pk] = _values(items, _plain(known))
    return found


def came_into_use(pip: Pip, filed: Collection[int], on: date) -> list[Scenario]:
    """Scenarios under the Measures that are counted or in use and that the dossier doesn't know."""
    counted = PersonCount.objects.filter(scenario=OuterRef("pk"), counted_on__lte=on)
    live = Deployment.objects.filter(scenario=OuterRef("pk"), status="active")
    rows = Scenario.objects.filter(Q(Exists(counted)) | Q(Exists(live)), tenant_id=pip.tenant_id, pip=pip)
    return list(rows.in_scope().exclude(pk__in=filed).order_by("code"))


def day_of_persons(pip: Pip, filed: Facts, since: date, on: date) -> date | None:
    """The first day on which the persons stored were so many fewer or more than filed."""
    rows = PersonCount.objects.filter(tenant_id=pip.tenant_id, pip=pip, counted_on__lte=on).current()
    counts = tuple(
        Count(*row) for row in rows.values_list("counted_on", "scenario__code", "deployment__code", "persons")
    )
    facts = replace(facts_on(pip, on), counts=counts)
    days = sorted({count.on for count in counts if count.on > since})
    return next(
        (day for day in days if has_changed("persons", filed, {"persons": latest(facts, day).high})),
        None,
    )


def _values(items: Iterable[Any], known: Facts) -> Values:
    found = {item.code: {part.name: known[part.name] for part in item.parts if part.name in known} for item in items}
    return {code: value for code, value in found.items() if value}


def _plain(known: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps it, and without what is no change: who is responsible, when it was reviewed, the contract."""
    for name, value in known.items():
        if isinstance(value, date):
            known[name] = value.isoformat()
    if "vendors" in known:
        kept = ("name", "role", "is_overseas", "purpose")
        rows = [{name: one[name] for name in kept} for one in known["vendors"]]
        known["vendors"] = sorted(rows, key=lambda one: tuple(map(str, one.values())))
    if "controls" in known:
        known["controls"] = {
            family: {"state": one["state"], "measure": one["measure"]}
            for family, one in known["controls"].items()
            if one["state"] != "missing" or one["measure"]
        }
    if known.get("mlps"):
        tested_on = known["mlps"]["tested_on"]
        known["mlps"] = {
            "name": known["mlps"]["name"],
            "level": known["mlps"]["level"],
            "tested_on": tested_on.isoformat() if isinstance(tested_on, date) else tested_on,
        }
    return known


def _models(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return sorted({" ".join(filter(None, pair)) for pair in pairs} - {""})


def _places(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    return sorted([province, kind] for province, kind in set(pairs))


def _state(scenario: Scenario, is_used: bool) -> str:
    if scenario.scope not in choices.APPLIES:
        return "out_of_scope"
    return "in_use" if is_used else "ended"


def _devices(ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    rows = Device.objects.filter(deployment__scenario__in=ids, removed_on__isnull=True).order_by()
    return _grouped(rows.values_list("deployment__scenario_id", "maker", "model").distinct())


def _used(ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    rows = Deployment.objects.filter(scenario__in=ids, status__in=IN_USE).order_by()
    return _grouped(rows.values_list("scenario_id", "site__province", "site__place_type").distinct())


def _grouped(rows: Iterable[tuple]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for scenario, first, second in rows:
        found[scenario].append((first, second))
    return found


def _notices(ids: Collection[int]) -> dict[int, int]:
    """The number of the published notice of each scenario."""
    rows = NoticeVersion.objects.filter(notice__scenario__in=ids, state="published")
    return dict(rows.order_by("number").values_list("notice__scenario_id", "number"))


def _procedures(pip: Pip) -> dict[str, Any]:
    """The newest internal rules of the PIP: their day and number."""
    rows = GovernanceRecord.objects.filter(tenant_id=pip.tenant_id, pip=pip, kind="internal_rules")
    newest = rows.order_by("-done_on", "-id").values_list("done_on", "reference").first()
    return {"rules_on": newest[0].isoformat() if newest else "", "rules_reference": newest[1] if newest else ""}


def tables_of(code: str) -> frozenset[str]:
    """The tables, beside the PIP's and the scenario's own, in whose trail a change of this item stands."""
    return frozenset().union(*(TABLES.get(part.name, frozenset()) for part in BY_CODE[code].parts))


PLACES = frozenset({"deployments_deployment", "deployments_site"})
TABLES: dict[str, frozenset[str]] = {
    "persons": frozenset({"deployments_personcount", "deployments_overlapestimate", "deployments_deployment"}),
    "rules_on": frozenset({"deployments_governancerecord"}),
    "state": frozenset({"deployments_deployment", "deployments_scenario", "deployments_personcount"}),
    "devices": frozenset({"deployments_device", "deployments_deployment"}),
    "places": PLACES,
    "alternatives": frozenset({"deployments_alternative"}),
    "consent": frozenset({"deployments_consentmechanism"}),
    "notice": frozenset({"deployments_noticeversion"}),
    "vendors": frozenset({"deployments_engagement", "deployments_vendor"}),
    "controls": frozenset({"deployments_protectioncontrol"}),
    "mlps": frozenset({"deployments_mlpssystem", "deployments_scenario"}),
    "assessment": frozenset({"assessments_assessment"}),
}
