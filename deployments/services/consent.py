"""How consent is asked, its wordings, and how many gave it: numbers, never persons (FRM Arts 6, 7; PIPL 14, 15)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import IO, Any

from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from deployments.consent import Asked, asked
from deployments.consent_table import CountRow, refuse
from deployments.models import ConsentCount, ConsentMechanism, ConsentWording, Scenario
from deployments.notified import consented_facts
from deployments.services.rows import add, change, require_not_after
from portal.accounts.models import User
from portal.evidence.services import PAPERS, keep
from portal.tenancy.models import touch
from portal.tenancy.session import service

FILES = ("written_form", "children_rules", "proof")
NUMBERS = ("given", "by_guardian", "refused", "withdrawn")


@service("consent.set_up")
def set_up_consent(
    scenario: Scenario, *, files: Mapping[str, IO[bytes]], by: User | None, today: date, **fields: Any
) -> ConsentMechanism:
    """Say for the first time how consent is asked and withdrawn; the second of two clicks finds it done."""
    Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    _require_sound(asked(scenario), fields, today, has_rules="children_rules" in files)
    found = ConsentMechanism.objects.filter(scenario=scenario).first()
    if found is not None:
        if any(getattr(found, name) != value for name, value in fields.items()):
            raise ValidationError(_("Consent was set up meanwhile. Open it again to change it."))
        return found
    kept = _keep(scenario, files, by)
    row = add(ConsentMechanism(pip_id=scenario.pip_id, scenario=scenario, **fields, **kept))
    touch(scenario.pip_id)
    return row


@service("consent.edit")
def edit_consent(
    mechanism: ConsentMechanism, *, files: Mapping[str, IO[bytes]], by: User | None, today: date, **changes: Any
) -> list[str]:
    """Change how consent is asked; a new file takes the place of the old one, which stays in the vault."""
    has_rules = mechanism.children_rules_id is not None or "children_rules" in files
    _require_sound(asked(mechanism.scenario), changes, today, has_rules=has_rules)
    changed = change(mechanism, changes | _keep(mechanism.scenario, files, by))
    if changed:
        touch(mechanism.pip_id)
    return changed


@service("consent.word")
def publish_wording(
    mechanism: ConsentMechanism, *, text_zh: str, text_en: str, effective_on: date, follows: int, today: date
) -> ConsentWording:
    """Put a wording in force from a day on, with the facts that people consent to; the one before ends the day before.

    ``follows`` is the number of the version that the author saw.
    """
    _lock(mechanism)
    before = mechanism.wordings.first()
    texts = {"text_zh": text_zh, "text_en": text_en, "effective_on": effective_on}
    if before is not None and before.number != follows:
        if all(getattr(before, name) == value for name, value in texts.items()):
            return before
        sentence = _("Version %(n)s was added meanwhile. Read it, then write the next one.")
        raise ValidationError(sentence % {"n": before.number})
    if effective_on > today + timedelta(days=366):
        raise ValidationError({"effective_on": _("This day is more than a year away. Is the year right?")})
    if before is not None:
        if effective_on < before.effective_on:
            sentence = _("Version %(n)s is in force from %(day)s. The next one can't begin before that day.")
            values = {"n": before.number, "day": before.effective_on.isoformat()}
            raise ValidationError({"effective_on": sentence % values})
        change(before, {"ended_on": max(before.effective_on, effective_on - timedelta(days=1))})
    wording = ConsentWording(
        pip_id=mechanism.pip_id,
        mechanism=mechanism,
        number=before.number + 1 if before else 1,
        consented=consented_facts(mechanism.scenario),
        **texts,
    )
    add(wording)
    touch(mechanism.pip_id)
    return wording


@service("consent.count")
def enter_consents(
    wording: ConsentWording, *, counted_on: date, source: str = "", by: User | None, today: date, **numbers: int
) -> ConsentCount:
    """Enter how many consented to a wording up to a day; a later number for the same day stands in its place."""
    require_not_after(today, counted_on=counted_on)
    if counted_on < wording.effective_on:
        raise ValidationError({"counted_on": _too_early(wording)})
    _lock(wording.mechanism)
    standing = wording.counts.filter(counted_on=counted_on).first()
    if standing is not None and all(getattr(standing, name) == value for name, value in numbers.items()):
        return standing
    row = ConsentCount(
        pip_id=wording.pip_id,
        wording=wording,
        counted_on=counted_on,
        source=source,
        entered_at=timezone.now(),
        entered_by=by,
        **numbers,
    )
    return add(row)


@service("consent.import")
def import_consents(
    mechanism: ConsentMechanism, rows: Iterable[CountRow], *, source: str, by: User | None, today: date
) -> int:
    """Enter a table of counts, all of it or nothing; how many rows were new. The same table again writes nothing."""
    _lock(mechanism)
    wordings = {wording.number: wording for wording in mechanism.wordings.all()}
    rows = list(rows)
    refuse(_wrong(rows, wordings, today))
    counts = ConsentCount.objects.filter(wording__in=wordings.values()).order_by("wording_id", "counted_on", "-id")
    standing = {
        (row.wording_id, row.counted_on): [getattr(row, name) for name in NUMBERS]
        for row in counts.distinct("wording_id", "counted_on")
    }
    new = [
        row
        for row in rows
        if standing.get((wordings[row.version].pk, row.counted_on)) != [getattr(row, name) for name in NUMBERS]
    ]
    now = timezone.now()
    ConsentCount.objects.bulk_create(
        ConsentCount(
            tenant_id=mechanism.tenant_id,
            pip_id=mechanism.pip_id,
            wording=wordings[row.version],
            counted_on=row.counted_on,
            source=source,
            entered_at=now,
            entered_by=by,
            **{name: getattr(row, name) for name in NUMBERS},
        )
        for row in new
    )
    return len(new)


def _wrong(rows: list[CountRow], wordings: Mapping[int, ConsentWording], today: date) -> list[str]:
    """What the register says against the rows, each by its number."""
    errors, seen = [], set()
    for row in rows:
        wording = wordings.get(row.version)
        named = {"row": row.row, "n": row.version}
        if wording is None:
            errors.append(_("Row %(row)s: there is no version %(n)s of the wording.") % named)
        elif row.counted_on < wording.effective_on:
            errors.append(_("Row %(row)s: %(why)s") % {"row": row.row, "why": _too_early(wording)})
        if row.counted_on > today:
            errors.append(_("Row %(row)s: this day lies in the future.") % named)
        if row.by_guardian > row.given:
            errors.append(_("Row %(row)s: more consents by guardians than consents.") % named)
        if row.withdrawn > row.given:
            errors.append(_("Row %(row)s: more withdrawals than consents.") % named)
        if (row.version, row.counted_on) in seen:
            errors.append(_("Row %(row)s: this version and day stand in the table twice.") % named)
        seen.add((row.version, row.counted_on))
    return errors


def _require_sound(what: Asked, fields: Mapping[str, Any], today: date, *, has_rules: bool) -> None:
    """Refuse a consent that nobody could give or take back, field by field."""
    errors = {}
    if what.at_all and not fields.get("kinds"):
        # GB/T 41819-2022: merely entering a capture area is not consent.
        errors["kinds"] = _("Choose what the person does to consent. Merely entering the area is no consent.")
    if what.at_all and not fields.get("withdrawal_path"):
        errors["withdrawal_path"] = _("Say how a person withdraws: it must be as convenient as consenting.")
    if what.of_guardians and not fields.get("guardian_how"):
        errors["guardian_how"] = _("Children under 14 are concerned: say how a guardian consents.")
    if fields.get("needs_written") and not fields.get("written_law"):
        errors["written_law"] = _("Name the law that asks for written consent.")
    if fields.get("children_rules_on") and not has_rules:
        errors["children_rules"] = _("Add the document: a day alone proves no rules.")
    if has_rules and not fields.get("children_rules_on"):
        errors["children_rules_on"] = _("Say since when the children's rules are published.")
    if errors:
        raise ValidationError(errors)
    require_not_after(today, children_rules_on=fields.get("children_rules_on"))


def _keep(scenario: Scenario, files: Mapping[str, IO[bytes]], by: User | None) -> dict[str, Any]:
    return {name: keep(file, pip=scenario.pip, by=by, allowed=PAPERS) for name, file in files.items()}


def _too_early(wording: ConsentWording) -> str:
    sentence = _("Version %(n)s is in force from %(day)s only; nobody could consent to it before.")
    return sentence % {"n": wording.number, "day": wording.effective_on.isoformat()}


def _lock(mechanism: ConsentMechanism) -> None:
    """Hold the mechanism until the transaction ends: wordings and counts are written one after the other."""
    ConsentMechanism.objects.select_for_update(of=("self",)).get(pk=mechanism.pk)
