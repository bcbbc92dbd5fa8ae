"""What the register knows of the screening's questions, and where a scenario has moved on from its answers."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deployments.models import Deployment, Device, Scenario, ScopeDecision
from portal.law import enums
from portal.law.meter import Total
from portal.law.questions import GROUPS, QUESTIONS, STORED, WARNED_FROM
from portal.law.screening import Answers
from portal.law.threshold import THRESHOLD

# Of several kinds of place the public one asks the most.
STRICTEST_FIRST = ("public", "residential", "undecided", "internal")


def known_answers(row: Scenario, total: Total) -> dict[str, str]:
    """Answers that follow from the scenario, its places, its devices and the persons that its PIP stores."""
    here = Deployment.objects.filter(scenario=row).exclude(status__in=("terminated", "disposed"))
    kinds = set(here.order_by().values_list("site__place_type", flat=True).distinct())
    devices = Device.objects.filter(deployment__scenario=row, removed_on__isnull=True)
    is_private = devices.filter(space_type__in=enums.PRIVATE_SPACES).exists()
    minors = frozenset(row.subject_groups) & enums.MINORS
    ages = next((code for code, groups in GROUPS.items() if code and groups == minors), "")
    stored = (row.storage_mode, row.sends_over_internet)
    return {
        "function": row.function,
        "place_type": next((kind for kind in STRICTEST_FIRST if kind in kinds), ""),
        "private_space": "yes" if is_private else "",
        "ages": ages if row.subject_groups else "",
        "storage": next((code for code, pair in STORED.items() if code and pair == stored), ""),
        "count_band": band_of(total) if total.high else "",
    }


def band_of(total: Total) -> str:
    """The answer to the question on numbers."""
    if total.high >= THRESHOLD:
        return "reached"
    return "near" if total.high >= WARNED_FROM else "below"


def answers_in_words(decision: ScopeDecision) -> list[tuple[str, str]]:
    """Question and answer of a decision, as they were."""
    language = get_language() or "en"
    return [
        (one.text.in_(language), one.choices[decision.answers[one.key]].in_(language))
        for one in QUESTIONS
        if decision.answers.get(one.key) in one.choices
    ]


def differences(row: Scenario, decision: ScopeDecision | None) -> list[tuple[str, Any, Any]]:
    """Label, answer and present value of what the scenario says otherwise than the answers it was decided on."""
    if decision is None:
        return []
    answers = Answers.read(decision.answers)
    minors = frozenset(row.subject_groups) & enums.MINORS
    pairs = (
        ("function", answers.function, row.function, enums.FUNCTIONS),
        ("storage_mode", answers.storage_mode, row.storage_mode, enums.STORAGE_MODES),
    )
    found = [
        (str(row._meta.get_field(name).verbose_name), words.get(then, then), words.get(now, now))
        for name, then, now, words in pairs
        if now and then != now
    ]
    if row.subject_groups and answers.groups != minors:
        named = [[enums.SUBJECT_GROUPS[group] for group in sorted(groups)] for groups in (answers.groups, minors)]
        found.append((_("Minors"), *named))
    if row.sends_over_internet is not None and row.sends_over_internet != answers.sends_over_internet:
        label = str(row._meta.get_field("sends_over_internet").verbose_name)
        found.append((label, answers.sends_over_internet, row.sends_over_internet))
    return found
