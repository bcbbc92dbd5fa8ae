"""Filings as the law looks at them."""

from collections import defaultdict

from django.utils import timezone

from filings.dossier import FORMS
from filings.models import DossierDocument, Filing
from filings.workflow import EDITABLE
from portal.law.checklists import MATERIALS
from portal.law.facts import FilingFacts
from portal.tenancy.models import Pip

# The two forms are made when the dossier is frozen: nobody can add them before.
ASKED_FOR = frozenset(material.code for material in MATERIALS if material.required and material.code not in FORMS)
THERE = ("scanned", "accepted")


def filing_facts(pip: Pip) -> tuple[FilingFacts, ...]:
    """Each filing of the PIP with its state, its days and, while it is open, the materials that it lacks."""
    missing = missing_materials(pip)
    rows = Filing.objects.filter(pip=pip).values_list(
        "id", "reference", "kind", "state", "submitted_on", "accepted_on", "number", "opened_at"
    )
    return tuple(
        FilingFacts(*row, missing=tuple(missing[pk]), opened_on=timezone.localdate(opened_at))
        for pk, *row, opened_at in rows
    )


def missing_materials(pip: Pip) -> dict[int, list[str]]:
    """What the open dossiers lack, by filing, in the order of the list."""
    missing: dict[int, list[str]] = defaultdict(list)
    lacking = DossierDocument.objects.filter(pip=pip, filing__state__in=EDITABLE, material__in=ASKED_FOR)
    for filing_id, code in lacking.exclude(state__in=THERE).values_list("filing_id", "material"):
        missing[filing_id].append(code)
    return missing
