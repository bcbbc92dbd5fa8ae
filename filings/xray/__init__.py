"""The X-ray of a dossier: every paper compared with every other and with the register before it leaves.

Errors stop the dossier from being frozen, warnings and hints don't. What the portal itself wants is never called law:
each check names what it stands on.
"""

from datetime import date

from django.utils.translation import get_language, ngettext

from filings.dossier import Item
from filings.models import Filing
from filings.register import ScenarioSheet
from filings.xray import assessment, dates, identity, joint, numbers, papers, scenarios
from filings.xray.gather import gather
from filings.xray.links import Finding, finding
from filings.xray.registry import CHECKS, GROUPS, LEVELS, Outcome, examine, readiness, stopping
from portal.accounts.access import Access
from portal.workflow import CaseError

__all__ = [
    "CHECKS",
    "GROUPS",
    "Finding",
    "Outcome",
    "assessment",
    "dates",
    "examine",
    "findings",
    "gather",
    "identity",
    "joint",
    "numbers",
    "outcomes",
    "papers",
    "readiness",
    "require_no_error",
    "scenarios",
]


def outcomes(filing: Filing, covered: list[ScenarioSheet], items: list[Item], today: date) -> list[Outcome]:
    """Every check with what it found."""
    return examine(gather(filing, covered, items, today))


def findings(filing: Filing, made: list[Outcome], access: Access) -> list[Finding]:
    """Everything the checks found, the worst first, with the link that this reader can use."""
    found = [finding(one.check, found, filing, access) for one in made for found in one.found]
    return sorted(found, key=lambda one: LEVELS.index(one.check.level))


def require_no_error(filing: Filing, covered: list[ScenarioSheet], items: list[Item], today: date) -> None:
    """CaseError that says what stops the dossier."""
    found = [one.text.in_(get_language() or "en") for one in stopping(outcomes(filing, covered, items, today))]
    if found:
        text = ngettext(
            "The X-ray found %(count)d error: %(what)s Settle it on the dossier page.",
            "The X-ray found %(count)d errors: %(what)s Settle them on the dossier page.",
            len(found),
        )
        raise CaseError(text % {"count": len(found), "what": " ".join(found)})
