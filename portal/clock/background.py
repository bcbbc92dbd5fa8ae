"""What a letter says beside its rungs, looked up when it is claimed: names, what is missing, where a date stood."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filings.facts import missing_materials
from filings.models import Filing
from portal.clock.rungs import LAST_DAYS, LATE, OPENED, is_escalation
from portal.law.checklists import MATERIALS
from portal.obligations.models import Delivery, Obligation, Reminder
from portal.obligations.subjects import Subject, subjects_of

MOST_MISSING = 3
MOST_LOOKED_AT = 10  # duties of one letter whose missing things are looked up
TITLES = {material.code: material.title for material in MATERIALS}


@dataclass(frozen=True)
class Background:
    """By the ids of the duties: what they are about; what is missing; the date that stood before; who was asked."""

    subjects: dict[int, Subject]
    missing: dict[int, list[str]] = field(default_factory=dict)
    moved_from: dict[int, date] = field(default_factory=dict)
    asked: dict[int, list[tuple[str, date]]] = field(default_factory=dict)


def background_of(deliveries: list[Delivery], named: list[Obligation]) -> Background:
    """The background of a letter, in the language in force; ``named`` are the duties that it names."""
    by_law = [duty for duty in named if duty.law.layer == "law"] if len(named) > 1 else named
    return Background(
        subjects_of(named),
        {duty.pk: missing_of(duty) for duty in by_law[:MOST_LOOKED_AT]},
        moved_from(deliveries),
        asked_of(deliveries),
    )


def missing_of(duty: Obligation) -> list[str]:
    """What stands between the duty and its end, in a few words each: of a filing its papers, else what is open on the
    same subject before use."""
    language = get_language() or "en"
    if duty.law.kind != "filing":
        rows = Obligation.objects.open().filter(pip=duty.pip_id, subject=duty.subject, safe_on__isnull=True)
        return few([row.title for row in rows.exclude(pk=duty.pk).order_by("-is_critical", "id")])
    if not duty.is_confirmed:
        return [_("The count is not confirmed yet. Confirm it on the page of the PIP.")]
    filing = Filing.objects.filter(obligation=duty).exclude(state="accepted").order_by("-id").first()
    if filing is None:
        return [_("The dossier is not opened yet.")]
    codes = missing_materials(duty.pip).get(filing.pk, [])
    return few([TITLES[code].in_(language) if code in TITLES else code for code in codes])


def few(names: list[str]) -> list[str]:
    """The first of them; the others counted."""
    more = len(names) - MOST_MISSING
    if more <= 0:
        return names
    return [*names[:MOST_MISSING], _("and %(count)d more") % {"count": more}]


def moved_from(deliveries: Iterable[Delivery]) -> dict[int, date]:
    """Of duties whose new date this letter tells: the date to aim at that was told before."""
    news = {row.reminder.obligation_id: row.reminder for row in deliveries if row.reminder.rung == OPENED}
    if not news:
        return {}
    told = Reminder.objects.filter(obligation_id__in=news, state="sent").order_by("settled_at", "id")
    return {
        duty: aims_at
        for duty, aims_at in told.values_list("obligation_id", "aims_at")
        if aims_at != news[duty].aims_at
    }


def asked_of(deliveries: Iterable[Delivery]) -> dict[int, list[tuple[str, date]]]:
    """Of escalated duties: who was told of the last days, and since which day."""
    escalated = {row.reminder.obligation_id: row.reminder.aims_at for row in deliveries if is_escalation(row.reminder)}
    if not escalated:
        return {}
    rows = (
        Delivery.objects.filter(reminder__obligation_id__in=escalated, reminder__told_on__isnull=False)
        .filter(user__isnull=False, reminder__rung__regex=f"^({'|'.join(LAST_DAYS)}|{LATE}.*)$")
        .select_related("user", "reminder")
        .order_by("reminder__told_on", "user_id")
    )
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for row in rows:
        if row.reminder.aims_at == escalated[row.reminder.obligation_id]:
            found[row.reminder.obligation_id].setdefault(str(row.user), row.reminder.told_on)
    return {duty: list(people.items()) for duty, people in found.items()}
