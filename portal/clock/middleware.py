"""After a write, the duties on the next page: reconcile the touched PIPs once the request has been committed."""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from portal.clock.reconcile import reconcile_touched
from portal.tenancy.middleware import SAFE_METHODS
from portal.tenancy.session import acting

log = logging.getLogger(__name__)


class ReconcileMiddleware:
    """Outside the request's transaction. A crash here loses nothing: the sweep finds the mark again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        tenant = getattr(request, "tenant", None)
        if tenant is not None and request.method not in SAFE_METHODS and response.status_code < 400:
            try:
                with acting(tenant, actor="system:reconcile", verb="reconcile"):
                    reconcile_touched()
            except DatabaseError:
                log.exception("reconcile after a request failed; the sweep will do it")
        return response
