"""The facts of a scenario that an assessment is made on, frozen; which of them it watches; and what they answer."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.functional import Promise
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
)
from portal.audit.models import AuditEvent
from portal.law import enums
from portal.tenancy.choices import in_language

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


def freeze(scenario: Scenario) -> dict[str, Any]:
    """What the register says of a scenario now, as plain values."""
    pip = scenario.pip
    of = {"tenant": scenario.tenant_id, "scenario": scenario}
    places = Deployment.objects.filter(**of).exclude(status__in=["terminated", "disposed"])
    devices = Device.objects.filter(
        tenant=scenario.tenant_id, deployment__scenario=scenario, removed_on__isnull=True
    ).values_list("maker", "model")
    counts = PersonCount.objects.filter(**of).current().order_by("-counted_on", "-id")
    newest = counts.filter(deployment__isnull=True).first()
    names = (
        *("code", "name", "function", "purpose", "necessity", "rejected_ways", "legal_basis", "legal_basis_reason"),
        *("subject_groups", "subjects", "alternative", "state_rule", "storage_mode", "sends_over_internet"),
        *("storage_exception", "storage_exception_basis", "retention", "deletion_method", "protection", "supplier"),
        *("cross_border", "cross_border_recipient", "cross_border_mechanism", "automated_decision", "scope"),
    )
    return {name: getattr(scenario, name) for name in names} | {
        "pip": {name: getattr(pip, name) for name in ("name", "uscc", "registered_address", "officer_name")},
        "places": [
            {"name": name, "city": city, "place_type": kind}
            for name, city, kind in places.values_list("site__name", "site__city", "site__place_type").order_by("code")
        ],
        "place_types": place_types([scenario.pk]).get(scenario.pk, []),
        "devices": sorted({" ".join(filter(None, pair)) for pair in devices} - {""}),
        "device_number": len(devices),
        "persons": newest.persons if newest else None,
        "persons_on": newest.counted_on.isoformat() if newest else None,
        "vendors": vendors([scenario.pk]).get(scenario.pk, []),
        "vendor_names": [
            {"name": name, "role": role, "purpose": purpose}
            for name, role, purpose in Engagement.objects.filter(**of, ended_on__isnull=True)
            .order_by("id")
            .values_list("vendor__name", "role", "purpose")
        ],
        "ways": [
            {"kind": kind, "description": description, "place": place}
            for kind, description, place in Alternative.objects.filter(**of, ended_on__isnull=True)
            .order_by("id")
            .values_list("kind", "description", "place")
        ],
        "controls": [
            {"family": family, "state": state, "measure": measure}
            for family, state, measure in ProtectionControl.objects.filter(**of)
            .order_by("id")
            .values_list("family", "state", "measure")
        ],
    }


def vendors(scenarios: Collection[int]) -> dict[int, list[str]]:
    """Role and code of the vendors that have a part in each of the scenarios."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Engagement.objects.filter(scenario__in=scenarios, ended_on__isnull=True)
    for scenario, role, code in rows.values_list("scenario_id", "role", "vendor__code"):
        found[scenario].add(f"{role}:{code}")
    return {scenario: sorted(names) for scenario, names in found.items()}


def place_types(scenarios: Collection[int]) -> dict[int, list[str]]:
    """The kinds of places where each of the scenarios is used or planned."""
    rows = Deployment.objects.filter(scenario__in=scenarios).exclude(status__in=["terminated", "disposed"])
    found: dict[int, set[str]] = defaultdict(set)
    for scenario, kind in rows.order_by().values_list("scenario_id", "site__place_type").distinct():
        found[scenario].add(kind)
    return {scenario: sorted(kinds) for scenario, kinds in found.items()}


def newest_event(tenant_id: int) -> int:
    """The newest event of the trail, 0 before the first."""
    newest = AuditEvent.objects.filter(tenant=tenant_id).order_by("-id").values_list("pk", flat=True).first()
    return newest or 0


def word(words: Mapping[str, Any], code: str) -> str:
    """An entry of a list of the law in the reader's language."""
    return str(in_language(words[code])) if code in words else code


def _places(facts: Mapping[str, Any]) -> str:
    lines = [f"{one['name']} ({word(enums.PLACE_TYPES, one['place_type'])})" for one in facts["places"]]
    return "\n".join(lines)


def _subjects(facts: Mapping[str, Any]) -> str:
    groups = _(", ").join(word(enums.SUBJECT_GROUPS, code) for code in facts["subject_groups"])
    return "\n".join(filter(None, (groups, facts["subjects"])))


def _storage(facts: Mapping[str, Any]) -> str:
    lines = [word(enums.STORAGE_MODES, facts["storage_mode"])] if facts["storage_mode"] else []
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
    "pip": lambda facts: "\n".join(filter(None, facts["pip"].values())),
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
        _("yes") + f" {facts['cross_border_recipient']}" if facts["cross_border"] else _("no")
    ),
    "automated_decision": lambda facts: _("yes") if facts["automated_decision"] else _("no"),
}
