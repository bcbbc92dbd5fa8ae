"""After a write, the duties on the next page: reconcile the touched PIPs once the request has been committed."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.clock.reconcile import reconcile_touched
from portal.clock.tasks import sweep
from portal.tenancy.middleware import SAFE_METHODS
from portal.tenancy.models import Tenant
from portal.tenancy.session import acting

log = logging.getLogger(__name__)
# A page may wait this long for its duties.
QUICK_MS = 700


class ReconcileMiddleware:
    """Outside the request's transaction. A crash here loses nothing: the sweep finds the mark again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        tenant = getattr(request, "tenant", None)
        if tenant is not None and request.method not in SAFE_METHODS and response.status_code < 400:
            self.reconcile(tenant)
        return response

    @staticmethod
    def reconcile(tenant: Tenant) -> None:
        """Reconcile what is quickly done; wake the worker for the rest."""
        try:
            with acting(tenant, actor="system:reconcile", verb="reconcile"):
                is_done = reconcile_touched(at_most_ms=QUICK_MS)
            if not is_done:
                sweep.apply_async(retry=False)
        except Exception:  # what the request did is committed: no failure here may tell the reader otherwise
            log.exception("reconcile after a request failed; the next sweep does it")
