"""Where a finding is put right, as the reader may: the page, and on a form the very field."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from filings.models import Filing
from filings.xray.registry import Check, Found, Place
from portal.accounts.access import Access
from portal.law.enums import CONTROL_FAMILIES
from portal.law.text import Text

# Where the register's own field has another name than the field of the form.
EDITED_AS = {
    "representative_name": "legal_representative",
    "representative_title": "legal_representative_title",
    "business": "business_summary",
    "algorithm_supplier": "supplier",
    "storage": "storage_mode",
    "internet_transmission": "sends_over_internet",
}
# What stands on rows of its own is put right on the scenario's tab that has them.
EDITED_ON = {
    "scope": "scope",
    "alternatives": "choice",
    "consent": "consent",
    "entrusted": "partners",
    "recipients": "partners",
    "protection": "safeguards",
    "mlps_record": "safeguards",
    "persons_stored": "count_new",
    "persons_stored_on": "count_new",
} | dict.fromkeys(CONTROL_FAMILIES, "safeguards")


@dataclass(frozen=True)
class Finding:
    """One line of the X-ray for a reader: what isn't right, on which ground, and where it is put right."""

    check: Check
    text: Text
    url: str = ""
    act: str | Promise = ""

    @property
    def level(self) -> str:
        return self.check.level


def finding(check: Check, found: Found, filing: Filing, access: Access) -> Finding:
    """A finding with its link; who may not mend it is led to the page that shows it."""
    label, url = LINKS[found.place.kind](filing, found.place, access)
    return Finding(check, found.text, url, label)


def _url(name: str, filing: Filing, *args: Any) -> str:
    return reverse(name, args=[filing.tenant.slug, *args])


def _of_pip(filing: Filing, place: Place, access: Access) -> tuple[str | Promise, str]:
    if not access.can("edit_register", filing.pip_id):
        return _("Go to the PIP"), _url("deployments:pip", filing, filing.pip.uscc)
    field = f"#id_{EDITED_AS.get(place.field, place.field)}" if place.field else ""
    return _("Correct it"), _url("deployments:pip_edit", filing, filing.pip.uscc) + field


def _of_scenario(filing: Filing, place: Place, access: Access) -> tuple[str | Promise, str]:
    if not place.field or not access.can("edit_register", filing.pip_id):
        return _("Go to the scenario"), _url("deployments:scenario", filing, place.key)
    if place.field in EDITED_ON:
        return _("Fill them in"), _url(f"deployments:{EDITED_ON[place.field]}", filing, place.key)
    field = f"#id_{EDITED_AS.get(place.field, place.field)}"
    return _("Fill them in"), _url("deployments:scenario_edit", filing, place.key) + field


def _of_counts(filing: Filing, place: Place, access: Access) -> tuple[str | Promise, str]:
    return _("Check the counts"), _url("deployments:pip", filing, filing.pip.uscc)


def _of_paper(filing: Filing, place: Place, access: Access) -> tuple[str | Promise, str]:
    if not access.can("prepare_filing", filing.pip_id):
        return _of_papers(filing, place, access)
    return _("Add the file"), _url("filings:document", filing, filing.reference, place.key)


def _of_reading(filing: Filing, place: Place, access: Access) -> tuple[str | Promise, str]:
    if not access.can("prepare_filing", filing.pip_id):
        return _of_papers(filing, place, access)
    return _("Read the scan"), _url("filings:read", filing, filing.reference, place.key)


def _of_papers(filing: Filing, place: Place, access: Access) -> tuple[str | Promise, str]:
    return _("Go to the papers"), filing.get_absolute_url() + "#papers"


def _of_seal(filing: Filing, place: Place, access: Access) -> tuple[str | Promise, str]:
    return _("Go to the seal"), _url("filings:seal", filing, filing.reference)


def _of_clock(filing: Filing, place: Place, access: Access) -> tuple[str | Promise, str]:
    return _("See the clock"), filing.get_absolute_url() + "#clock"


def _of_members(filing: Filing, place: Place, access: Access) -> tuple[str | Promise, str]:
    return _("See the members"), filing.get_absolute_url() + "#members"


def _page(name: str, label: str | Promise) -> Callable[[Filing, Place, Access], tuple[str | Promise, str]]:
    return lambda filing, place, access: (label, _url(name, filing, place.key))


LINKS: dict[str, Callable[[Filing, Place, Access], tuple[str | Promise, str]]] = {
    "pip": _of_pip,
    "scenario": _of_scenario,
    "counts": _of_counts,
    "paper": _of_paper,
    "read": _of_reading,
    "papers": _of_papers,
    "seal": _of_seal,
    "clock": _of_clock,
    "members": _of_members,
    "assessment": _page("assessments:assessment", _("Go to the assessment")),
    "notice": _page("deployments:notice", _("Go to the notice")),
    "consent": _page("deployments:consent", _("Go to the consent")),
    "vendor": _page("deployments:vendor", _("Go to the vendor")),
    "ending": _page("filings:ending", _("Go to the task")),
    "mlps": _page("deployments:mlps_edit", _("Correct it")),
}
