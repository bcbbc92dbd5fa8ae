"""The facts of a scenario that an assessment is made on, frozen; which of them it watches; and what they answer."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deployments.models import (
    Alternative,
    Deployment,
    Device,
    Engagement,
    PersonCount,
    ProtectionControl,
    Scenario,
    ScopeDecision,
)
from portal.audit.models import AuditEvent
from portal.law import enums
from portal.law.depth import Depth, Use, depth_of
from portal.law.text import Text
from portal.tenancy.choices import in_language
from portal.tenancy.models import Pip

# FRM Art 9 names purpose and method; the others are the portal's default (PIA-12), said so where they are shown.
WATCHED: dict[str, str | Promise] = {
    "purpose": gettext_lazy("purpose"),
    "function": gettext_lazy("method"),
    "subject_groups": gettext_lazy("groups of persons"),
    "storage_mode": gettext_lazy("where faces are stored"),
    "sends_over_internet": gettext_lazy("transmission over the internet"),
    "cross_border": gettext_lazy("transfer abroad"),
    "vendors": gettext_lazy("vendors and recipients"),
    "place_types": gettext_lazy("kinds of places"),
}
BY_LAW = frozenset({"purpose", "function"})
YES_NO = {"true": Text("yes", "是"), "false": Text("no", "否")}


# The columns of a scenario that are frozen.
FROZEN = (
    *("code", "name", "function", "purpose", "necessity", "rejected_ways", "legal_basis", "legal_basis_reason"),
    *("subject_groups", "subjects", "alternative", "state_rule", "storage_mode", "sends_over_internet"),
    *("storage_exception", "storage_exception_basis", "retention", "deletion_method", "protection", "supplier"),
    *("cross_border", "cross_border_recipient", "cross_border_mechanism", "automated_decision", "scope"),
)
OF_PIP = ("name", "uscc", "registered_address", "officer_name")


def freeze(scenario: Scenario) -> dict[str, Any]:
    """What the register says of a scenario now, as plain values."""
    return freeze_all([scenario])[scenario.pk]


def freeze_all(scenarios: Sequence[Scenario]) -> dict[int, dict[str, Any]]:
    """What the register says now of each of the scenarios, in a fixed number of questions to the database."""
    ids = [one.pk for one in scenarios]
    places, devices, counts = _places_of(ids), _devices_of(ids), _counts_of(ids)
    parts, ways, controls = _parts_of(ids), _ways_of(ids), _controls_of(ids)
    roles, kinds = vendors(ids), place_types(ids)
    return {
        one.pk: {name: getattr(one, name) for name in FROZEN}
        | {
            "pip": {name: getattr(one.pip, name) for name in OF_PIP},
            "places": places[one.pk],
            "place_types": kinds.get(one.pk, []),
            "devices": sorted({" ".join(filter(None, pair)) for pair in devices[one.pk]} - {""}),
            "device_number": len(devices[one.pk]),
            "persons": counts[one.pk][0] if one.pk in counts else None,
            "persons_on": counts[one.pk][1].isoformat() if one.pk in counts else None,
            "vendors": roles.get(one.pk, []),
            "vendor_names": parts[one.pk],
            "ways": ways[one.pk],
            "controls": controls[one.pk],
        }
        for one in scenarios
    }


def _grouped(rows: Iterable[tuple], *names: str) -> dict[int, list[dict[str, Any]]]:
    """Rows by the scenario that they begin with, the other columns under these names."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for scenario, *values in rows:
        found[scenario].append(dict(zip(names, values, strict=True)))
    return found


def _places_of(ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    rows = Deployment.objects.filter(scenario__in=ids).exclude(status__in=["terminated", "disposed"]).order_by("code")
    columns = ("scenario_id", "site__name", "site__city", "site__place_type")
    return _grouped(rows.values_list(*columns), "name", "city", "place_type")


def _devices_of(ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = Device.objects.filter(deployment__scenario__in=ids, removed_on__isnull=True)
    for scenario, maker, model in rows.values_list("deployment__scenario_id", "maker", "model"):
        found[scenario].append((maker, model))
    return found


def _counts_of(ids: Collection[int]) -> dict[int, tuple[int, date]]:
    """The newest count of each whole scenario."""
    rows = PersonCount.objects.filter(scenario__in=ids, deployment__isnull=True).current().order_by("counted_on", "id")
    return {scenario: (persons, on) for scenario, persons, on in rows.values_list("scenario", "persons", "counted_on")}


def _parts_of(ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    rows = Engagement.objects.filter(scenario__in=ids, ended_on__isnull=True).order_by("id")
    return _grouped(rows.values_list("scenario_id", "vendor__name", "role", "purpose"), "name", "role", "purpose")


def _ways_of(ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    rows = Alternative.objects.filter(scenario__in=ids, ended_on__isnull=True).order_by("id")
    return _grouped(rows.values_list("scenario_id", "kind", "description", "place"), "kind", "description", "place")


def _controls_of(ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    rows = ProtectionControl.objects.filter(scenario__in=ids).order_by("id")
    return _grouped(rows.values_list("scenario_id", "family", "state", "measure"), "family", "state", "measure")


def vendors(scenarios: Collection[int]) -> dict[int, list[str]]:
    """Role and code of the vendors that have a part in each of the scenarios."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Engagement.objects.filter(scenario__in=scenarios, ended_on__isnull=True)
    for scenario, role, code in rows.values_list("scenario_id", "role", "vendor__code"):
        found[scenario].add(f"{role}:{code}")
    return {scenario: sorted(names) for scenario, names in found.items()}


def place_types(scenarios: Collection[int]) -> dict[int, list[str]]:
    """The kinds of places where each of the scenarios is used or planned; before the first one, as it was screened."""
    rows = Deployment.objects.filter(scenario__in=scenarios).exclude(status__in=["terminated", "disposed"])
    found: dict[int, set[str]] = defaultdict(set)
    for scenario, kind in rows.order_by().values_list("scenario_id", "site__place_type").distinct():
        found[scenario].add(kind)
    screened = ScopeDecision.objects.filter(scenario__in=[pk for pk in scenarios if pk not in found])
    for scenario, answers in screened.order_by("id").values_list("scenario_id", "answers"):
        if (kind := answers.get("place_type")) in enums.PLACE_TYPES:
            found[scenario] = {kind}
    return {scenario: sorted(kinds) for scenario, kinds in found.items()}


def newest_event(tenant_id: int) -> int:
    """The newest event of the trail, 0 before the first."""
    newest = AuditEvent.objects.filter(tenant=tenant_id).order_by("-id").values_list("pk", flat=True).first()
    return newest or 0


def word(words: Mapping[str, Any], code: str) -> str:
    """An entry of a list of the law in the reader's language."""
    return str(in_language(words[code])) if code in words else code


# The lists of the law that the codes of watched facts come from.
WORDS: dict[str, Mapping[str, Any]] = {
    "function": enums.FUNCTIONS,
    "subject_groups": enums.SUBJECT_GROUPS,
    "storage_mode": enums.STORAGE_MODES,
    "vendors": enums.ENGAGEMENT_ROLES,
    "place_types": enums.PLACE_TYPES,
    "sends_over_internet": YES_NO,
    "cross_border": YES_NO,
}


def fact_in_words(fact: str, value: str) -> str:
    """A watched fact's value, as staleness keeps it, in the reader's language."""
    words = WORDS.get(fact)
    if words is None or not value:
        return value
    parts = [part.partition(":") for part in value.split(", ")]
    return _(", ").join(word(words, code) + (f"{_(': ')}{name}" if name else "") for code, _colon, name in parts)


def _places(facts: Mapping[str, Any]) -> str:
    """By kind: what each is called, and how many."""
    of: dict[str, list[str]] = defaultdict(list)
    for one in facts["places"]:
        of[one["place_type"]].append(one["name"])
    heads = {kind: _("%(kind)s (%(n)s)") % {"kind": word(enums.PLACE_TYPES, kind), "n": len(of[kind])} for kind in of}
    return "\n".join(f"{heads[kind]}{_(': ')}{_(', ').join(names)}" for kind, names in of.items())


def _pip(facts: Mapping[str, Any]) -> str:
    of = facts["pip"]
    named = [(capfirst(str(Pip._meta.get_field(name).verbose_name)), of[name]) for name in OF_PIP[1:]]
    return "\n".join([of["name"], *(f"{label}{_(': ')}{value}" for label, value in named if value)])


def _subjects(facts: Mapping[str, Any]) -> str:
    groups = _(", ").join(word(enums.SUBJECT_GROUPS, code) for code in facts["subject_groups"])
    return "\n".join(filter(None, (groups, facts["subjects"])))


def _storage(facts: Mapping[str, Any]) -> str:
    lines = [word(enums.STORAGE_MODES, facts["storage_mode"])] if facts["storage_mode"] else []
    if facts["sends_over_internet"] is not None:
        lines.append(_("sent out over the internet") if facts["sends_over_internet"] else _("nothing is sent out"))
    if facts["storage_exception"]:
        exception = word(enums.STORAGE_EXCEPTIONS, facts["storage_exception"])
        lines.append(f"{exception}: {facts['storage_exception_basis']}".rstrip(": "))
    return "\n".join(lines)


def _ways(facts: Mapping[str, Any]) -> str:
    lines = [
        " · ".join(filter(None, (word(enums.ALTERNATIVE_KINDS, one["kind"]), one["description"], one["place"])))
        for one in facts["ways"]
    ]
    return "\n".join(lines) or facts["alternative"] or facts["state_rule"]


def _vendors(facts: Mapping[str, Any]) -> str:
    lines = [
        " · ".join(filter(None, (one["name"], word(enums.ENGAGEMENT_ROLES, one["role"]), one["purpose"])))
        for one in facts["vendor_names"]
    ]
    return "\n".join(lines) or facts["supplier"]


def _controls(facts: Mapping[str, Any]) -> str:
    lines = [
        word(enums.CONTROL_FAMILIES, one["family"])
        + _(": ")
        + (one["measure"] or word(enums.CONTROL_STATES, one["state"]))
        for one in facts["controls"]
    ]
    return "\n".join(lines) or facts["protection"]


def _persons(facts: Mapping[str, Any]) -> str:
    return f"{facts['persons']:,} ({facts['persons_on']})" if facts["persons"] is not None else ""


def _devices(facts: Mapping[str, Any]) -> str:
    if not facts["device_number"]:
        return ""
    return _("%(n)s devices") % {"n": facts["device_number"]} + (
        f"{_(': ')}{_(', ').join(facts['devices'])}" if facts["devices"] else ""
    )


def _basis(facts: Mapping[str, Any]) -> str:
    basis = word(enums.LEGAL_BASES, facts["legal_basis"]) if facts["legal_basis"] else ""
    return "\n".join(filter(None, (basis, facts["legal_basis_reason"])))


# Where a question's answer comes from, by the `source` that the structure names. Each reads one scenario's facts.
SOURCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "pip": _pip,
    "name": lambda facts: facts["name"],
    "function": lambda facts: word(enums.FUNCTIONS, facts["function"]),
    "purpose": lambda facts: facts["purpose"],
    "necessity": lambda facts: facts["necessity"],
    "rejected_ways": lambda facts: facts["rejected_ways"],
    "legal_basis": _basis,
    "subjects": _subjects,
    "places": _places,
    "devices": _devices,
    "persons": _persons,
    "storage": _storage,
    "retention": lambda facts: "\n".join(filter(None, (facts["retention"], facts["deletion_method"]))),
    "alternatives": _ways,
    "vendors": _vendors,
    "controls": _controls,
    "cross_border": lambda facts: (
        _("Yes") + f" {facts['cross_border_recipient']}" if facts["cross_border"] else _("No")
    ),
    "automated_decision": lambda facts: _("Yes") if facts["automated_decision"] else _("No"),
}


def answer_of(source: str, facts: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """What the facts of scenarios, each with its code, answer; the scenarios are named where they differ."""
    texts = [(code, SOURCES[source](one)) for code, one in facts]
    distinct = list(dict.fromkeys(text for _code, text in texts if text))
    if len(distinct) == 1:
        return distinct[0]
    return "\n".join(f"{code}{_(': ')}{text}" for code, text in texts if text)


def depth_of_facts(facts: Mapping[str, Any]) -> Depth:
    """How deep the assessment of a scenario with these facts goes; what isn't known asks for more (portal default)."""
    return depth_of(
        Use(
            function=facts.get("function", ""),
            groups=frozenset(facts.get("subject_groups", ())),
            place_types=frozenset(facts.get("place_types", ())),
            storage_mode=facts.get("storage_mode", ""),
            sends_over_internet=facts.get("sends_over_internet"),
            cross_border=facts.get("cross_border", False),
            automated_decision=facts.get("automated_decision", False),
            persons=facts.get("persons"),
        )
    )


def depth_of_scenario(scenario: Scenario) -> Depth:
    """The same of a scenario that is not assessed yet, as the register has it now."""
    of_scenario = {name: getattr(scenario, name) for name in FROZEN}
    counted = _counts_of([scenario.pk]).get(scenario.pk)
    kinds = place_types([scenario.pk]).get(scenario.pk, [])
    return depth_of_facts(of_scenario | {"place_types": kinds, "persons": counted[0] if counted else None})
