"""What filings show on the pages of lower storeys."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from deployments.models import Deployment, ThresholdCrossing
from filings.models import Filing
from filings.services import RULES
from filings.views.filing import badge_of
from filings.views.papers import read_lines
from portal.cases.models import Case
from portal.obligations.models import Obligation
from portal.tenancy.models import Pip
from portal.ui.panels import Panel


def of_deployment(request: HttpRequest, deployment: Deployment) -> Panel | None:
    """The filing that covers a deployment, with its number once it is accepted."""
    rows = Filing.objects.filter(tenant=request.tenant, covered__scenario_id=deployment.scenario_id)
    filings = list(rows.select_related("tenant"))
    if not filings:
        return None
    context = {"lines": [{"filing": row, "badge": badge_of(row.state)} for row in filings]}
    return Panel(_("Filing"), "filings/_of_deployment.html", context, order=60)


def of_filing(request: HttpRequest, filing: Filing) -> Panel:
    """How the scans are read, and what is at the seal."""
    lines = read_lines(request, filing)
    context = {
        "lines": lines,
        "away": sum(line["document"].state == "to_seal" for line in lines),
        "seal_url": reverse("filings:seal", args=[request.tenant.slug, filing.reference]),
    }
    return Panel(_("Scans and seal"), "filings/_of_filing.html", context, order=20)


def of_inspection(request: HttpRequest, case: Case) -> Panel:
    """The dossiers of the PIP that is inspected; each gives its pack with the hashes."""
    rows = Filing.objects.filter(tenant=request.tenant, pip_id=case.pip_id).select_related("tenant")
    context = {"lines": [{"filing": row, "badge": badge_of(row.state)} for row in rows]}
    return Panel(_("Filing"), "filings/_of_inspection.html", context, order=30)


def of_pip(request: HttpRequest, pip: Pip) -> Panel | None:
    """The filings of a PIP, or the button that opens the first dossier once the crossing is confirmed."""
    rows = Filing.objects.filter(tenant=request.tenant, pip=pip).select_related("tenant", "obligation")
    filings = list(rows)
    duty = None
    if not filings:
        duty = Obligation.objects.filter(tenant=request.tenant, pip=pip, rule__in=RULES, state="open").first()
        if duty is None:
            return None
    return _panel(request, pip.pk, filings, duty)


def _panel(request: HttpRequest, pip_id: int, filings: list[Filing], duty: Obligation | None) -> Panel:
    is_confirmed = ThresholdCrossing.objects.filter(tenant=request.tenant, pip_id=pip_id).exists()
    context = {
        "lines": [{"filing": row, "badge": badge_of(row.state)} for row in filings],
        "duty": duty,
        "is_confirmed": is_confirmed,
        "may_open": is_confirmed and request.access.can("prepare_filing", pip_id),
    }
    return Panel(_("Filing"), "filings/_of_pip.html", context, order=30)
