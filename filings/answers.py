"""The answers of the application sheet that stand on several rows of the register, in both languages."""

from collections.abc import Iterable

from deployments.models import Alternative, Engagement, MlpsSystem
from filings import wording
from filings.register import ScenarioSheet
from portal.law import enums
from portal.law.rules.wording import day_text
from portal.law.sources import chinese_number
from portal.law.text import Text
from portal.tenancy.models import Pip


def listed(texts: Iterable[Text], between: tuple[str, str] = ("; ", "；")) -> Text:
    """Texts one after the other, as each language parts them; empty ones are left out."""
    found = [text for text in texts if text.zh]
    return Text(between[0].join(text.en for text in found), between[1].join(text.zh for text in found))


def same(words: str) -> Text:
    """What people wrote, as it is in both languages."""
    return Text(words, words)


def alternatives(sheet: ScenarioSheet) -> Text | str:
    """The other ways that are offered and the State rule that stands instead; else the free text."""
    scenario, ways = sheet.scenario, sheet.parts.ways
    rule = wording.STATE_RULE.fmt(rule=scenario.state_rule) if scenario.state_rule else same("")
    if not ways:
        return listed([same(scenario.alternative), rule]) if scenario.state_rule else scenario.alternative
    return listed([*(_way(way) for way in ways), rule])


def _way(way: Alternative) -> Text:
    kind = enums.ALTERNATIVE_KINDS.get(way.kind, same(way.kind))
    place = wording.IN_BRACKETS.fmt(words=way.place) if way.place else same("")
    return wording.LABELLED.fmt(label=kind, words=way.description) + place


def consent(sheet: ScenarioSheet) -> Text | str:
    """How consent is asked and withdrawn; on another legal basis none is."""
    scenario, asked = sheet.scenario, sheet.parts.consent
    if scenario.legal_basis and scenario.legal_basis != "consent":
        basis = enums.LEGAL_BASES.get(scenario.legal_basis, same(scenario.legal_basis))
        return wording.NOT_ON_CONSENT.fmt(basis=basis)
    if asked is None:
        return ""
    return listed(
        [
            wording.SEPARATE_CONSENT if asked.is_separate else same(""),
            *(enums.CONSENT_KINDS[kind] for kind in asked.kinds if kind in enums.CONSENT_KINDS),
            same(asked.how),
            wording.BY_GUARDIAN.fmt(how=asked.guardian_how) if asked.guardian_how else same(""),
            wording.WITHDRAWAL.fmt(how=asked.withdrawal_path) if asked.withdrawal_path else same(""),
        ]
    )


def internet(sheet: ScenarioSheet) -> Text | str:
    """Whether faces are sent out over the internet, and what allows it (FRM Art 8)."""
    scenario = sheet.scenario
    if scenario.sends_over_internet is None:
        return ""
    if not scenario.sends_over_internet:
        return wording.NOT_SENT
    exception = enums.STORAGE_EXCEPTIONS.get(scenario.storage_exception, wording.NO_EXCEPTION)
    return listed([wording.SENT, exception, same(scenario.storage_exception_basis)])


def cross_border(sheet: ScenarioSheet) -> Text:
    """Whether face information goes abroad, to whom and by which mechanism (PIPL Art 38)."""
    scenario = sheet.scenario
    if not scenario.cross_border:
        return wording.NONE
    mechanism = enums.CROSS_BORDER_MECHANISMS.get(scenario.cross_border_mechanism, wording.NO_MECHANISM)
    return listed([wording.YES, same(scenario.cross_border_recipient), mechanism, same(scenario.cross_border_number)])


def automated_decision(sheet: ScenarioSheet) -> Text:
    """Whether the system decides on rights by itself, and how that is explained and refused (PIPL Art 24)."""
    scenario = sheet.scenario
    if not scenario.automated_decision:
        return wording.NONE
    return listed([wording.YES, same(scenario.decision_explanation)])


def entrusted(sheet: ScenarioSheet) -> Text:
    """The entrusted processors with their contracts (PIPL Art 21)."""
    return _engaged(sheet, "entrusted")


def recipients(sheet: ScenarioSheet) -> Text:
    """Recipients and joint processors with their contracts (PIPL Arts 20, 23)."""
    return _engaged(sheet, "recipient", "joint")


def supplier(sheet: ScenarioSheet) -> str:
    """The suppliers among the vendors; else the free text."""
    names = [one.vendor.name for one in sheet.parts.engaged("supplier")]
    return "；".join(names) or sheet.scenario.supplier


def _engaged(sheet: ScenarioSheet, *roles: str) -> Text:
    found = sheet.parts.engaged(*roles)
    return listed(_engagement(one) for one in found) if found else wording.NONE


def _engagement(one: Engagement) -> Text:
    """A vendor with its role, purpose, contract and period."""
    details = [
        enums.ENGAGEMENT_ROLES["joint"] if one.role == "joint" else same(""),
        same(one.vendor.uscc),
        same(one.purpose),
        wording.CONTRACT.fmt(number=one.contract_number) if one.contract_number else same(""),
        wording.SIGNED_ON.fmt(day=day_text(one.contract_on)) if one.contract_on else same(""),
        wording.RUNS_UNTIL.fmt(day=day_text(one.contract_ends_on)) if one.contract_ends_on else same(""),
        wording.OVERSEAS if one.vendor.is_overseas else same(""),
    ]
    inner = listed(details, (", ", "，"))
    return same(one.vendor.name) + wording.IN_BRACKETS.fmt(words=inner) if inner.zh else same(one.vendor.name)


def protection(sheet: ScenarioSheet) -> Text | str:
    """The free text on protection, or the hint that each family says it."""
    return sheet.scenario.protection or (wording.BY_FAMILY if sheet.parts.controls else "")


def family(sheet: ScenarioSheet, code: str) -> Text | str:
    """One family of protection; without rows the free text above it stands for all five."""
    control = sheet.parts.controls.get(code)
    if control is None:
        return wording.SEE_PROTECTION if sheet.scenario.protection and not sheet.parts.controls else ""
    return listed(
        [
            wording.LABELLED.fmt(label=enums.CONTROL_STATES[control.state], words=control.measure)
            if control.measure
            else enums.CONTROL_STATES[control.state],
            wording.RESPONSIBLE.fmt(name=control.owner) if control.owner else same(""),
            wording.REVIEWED_ON.fmt(day=day_text(control.reviewed_on)) if control.reviewed_on else same(""),
        ]
    )


def mlps(sheet: ScenarioSheet) -> Text | str:
    """The system under MLPS that the scenario runs in."""
    return _system(sheet.parts.mlps) if sheet.parts.mlps else ""


def mlps_status(pip: Pip) -> Text:
    """The systems of the PIP under MLPS, and whether it operates critical information infrastructure."""
    systems = [_system(one) for one in pip.mlps_systems.all()]
    return listed([*systems, wording.IS_CII if pip.is_cii else wording.NOT_CII])


def _system(system: MlpsSystem) -> Text:
    number, tested = system.record_number, system.tested_on
    details = [
        wording.LEVEL.fmt(level=Text(str(system.level), chinese_number(system.level))) if system.level else same(""),
        wording.RECORD_NUMBER.fmt(number=number) if number else same(""),
        wording.TESTED_ON.fmt(day=day_text(tested)) if tested else same(""),
    ]
    inner = listed(details, (", ", "，"))
    return wording.LABELLED.fmt(label=system.name, words=inner) if inner.zh else same(system.name)
