"""Filings as the law looks at them."""

from collections import defaultdict

from django.utils import timezone

from filings.dossier import FORMS
from filings.joint import led_facts
from filings.models import ChangeCase, DossierDocument, Filing
from filings.workflow import EDITABLE
from portal.law.changes import BY_CODE
from portal.law.checklists import MATERIALS
from portal.law.facts import ChangeFacts, FilingFacts
from portal.law.text import Text
from portal.tenancy.models import Pip

# The two forms are made when the dossier is frozen: nobody can add them before.
ASKED_FOR = frozenset(material.code for material in MATERIALS if material.required and material.code not in FORMS)
THERE = ("scanned", "accepted")


def filing_facts(pip: Pip) -> tuple[FilingFacts, ...]:
    """Each filing of the PIP with its state, its days and, while it is open, the materials that it lacks; and those of
    other PIPs that cover it too."""
    missing = missing_materials(pip)
    rows = Filing.objects.filter(pip=pip).values_list(
        "id", "reference", "kind", "state", "submitted_on", "accepted_on", "number", "opened_at"
    )
    own = (
        FilingFacts(*row, missing=tuple(missing[pk]), opened_on=timezone.localdate(opened_at))
        for pk, *row, opened_at in rows
    )
    return (*own, *led_facts(pip))


def change_facts(pip: Pip) -> tuple[ChangeFacts, ...]:
    """Each change of what was filed; "not substantial" holds once another person has confirmed it."""
    rows = (
        ChangeCase.objects.filter(tenant_id=pip.tenant_id, pip=pip).select_related("scenario", "filing").order_by("id")
    )
    return tuple(
        ChangeFacts(
            row.reference,
            row.effective_on,
            row.stands,
            named(row),
            carried_by=row.filing.reference if row.filing else "",
        )
        for row in rows
    )


def named(case: ChangeCase) -> Text:
    """What changed: the scenario, where it is one's, and the item."""
    title = BY_CODE[case.item].title
    if case.scenario is None:
        return title
    return Text("{scenario}: {title}", "{scenario}：{title}").fmt(scenario=case.scenario.name, title=title)


def missing_materials(pip: Pip) -> dict[int, list[str]]:
    """What the open dossiers lack, by filing, in the order of the list."""
    missing: dict[int, list[str]] = defaultdict(list)
    lacking = DossierDocument.objects.filter(pip=pip, filing__state__in=EDITABLE, material__in=ASKED_FOR)
    for filing_id, code in lacking.exclude(state__in=THERE).values_list("filing_id", "material"):
        missing[filing_id].append(code)
    return missing
