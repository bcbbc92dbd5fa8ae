"""The person's access to the tenant, the read-only wall of auditors, and the language of the page."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import translation

from portal.accounts.access import Access
from portal.accounts.models import Membership
from portal.calendars.clock import civil_today
from portal.tenancy.middleware import SAFE_METHODS
from portal.tenancy.session import make_read_only


class AccessMiddleware:
    """Give the request its Access; make every request of a read-only role READ ONLY whatever its method."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = None
        request.access_refused = None
        if request.tenant is not None and not request.is_public:
            self.admit(request)
        return self.get_response(request)

    def admit(self, request: HttpRequest) -> None:
        """Let a current member in; note why anybody else is refused."""
        memberships = Membership.objects.filter(tenant=request.tenant, user=request.user)
        membership = memberships.current(civil_today()).first()
        if membership is None:
            request.access_refused = Http404
            make_read_only()
            return
        request.access = Access(request.user, request.tenant, membership)
        if request.method in SAFE_METHODS or not request.access.is_read_only:
            return
        rule = getattr(resolve(request.path_info).func, "rule", None)
        if rule is None or not rule.open_to_readers:
            make_read_only()
            request.access_refused = PermissionDenied

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        """Refuse before any view runs."""
        if request.access_refused is not None:
            raise request.access_refused


class LanguageMiddleware:
    """The reader's own language; for a visitor, the one asked for, then the browser's, then Chinese."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            language = request.user.language
        else:
            chosen = request.COOKIES.get("language", "")
            language = chosen if chosen in ("en", "zh-hans") else translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response
