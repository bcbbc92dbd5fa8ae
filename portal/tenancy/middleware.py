"""One transaction a request, for the tenant named in the URL; a GET's transaction can't write."""

import uuid
from collections.abc import Callable
from dataclasses import replace

from django.contrib.auth.models import AnonymousUser
from django.db import DataError, InterfaceError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from django_scopes import scope, scopes_disabled

from portal.tenancy.models import Tenant
from portal.tenancy.public import asks_too_often, tenant_behind
from portal.tenancy.session import NOBODY, Settings, make_read_only, using

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# GETs that must write: none so far; sign-in callbacks of an identity provider would stand here.
WRITING_GETS: frozenset[str] = frozenset()


def door_of(match: ResolverMatch) -> str:
    """The door that the page's rule names, for pages that a code opens for anybody."""
    return getattr(getattr(match.func, "rule", None), "door", "")


class TenantMiddleware:
    """Open the request's transaction, tell the database who asks, and open the tenant's scope.

    A tenant of which the user is no member can't be told from one that doesn't exist: both are 404.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.tenant = None
        request.is_public = False
        request.request_id = uuid.uuid4().hex[:16]
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if match.url_name == "healthz":
            return self.get_response(request)
        request.is_public = bool(door_of(match))
        if request.is_public:
            # Whoever looks is nobody here: not even a signed-in reader's session is opened.
            request.user = AnonymousUser()
            if asks_too_often(request):
                return render(request, "429.html", status=429)
        writes = request.method not in SAFE_METHODS or match.view_name in WRITING_GETS
        try:
            with transaction.atomic():
                response = self.in_transaction(request, match, writes)
                if not writes or response.status_code >= 400:
                    transaction.set_rollback(True)
        except (OperationalError, InterfaceError):
            connection.close()
            return render(request, "503.html", status=503)
        return response

    def in_transaction(self, request: HttpRequest, match: ResolverMatch, writes: bool) -> HttpResponse:
        """Answer the request with the database told who asks."""
        if request.is_public:
            return self.for_anybody(request, match, writes)
        slug = match.kwargs.get("tenant")
        user_id = request.user.pk if request.user.is_authenticated else ""
        actor = f"user:{user_id}" if user_id else "anonymous"
        settings = replace(NOBODY, user=str(user_id), actor=actor, request=request.request_id)
        if slug is None or not user_id:
            with using(settings):
                if not writes:
                    make_read_only()
                return self.get_response(request)
        return self.for_tenant(request, slug, settings, writes)

    def for_tenant(self, request: HttpRequest, slug: str, settings: Settings, writes: bool) -> HttpResponse:
        """Answer for a tenant that the user may enter: the policy on Tenant shows him no other."""
        with using(settings), scopes_disabled():
            tenant = Tenant.objects.filter(slug=slug).first()
        if tenant is None:
            with using(settings):
                make_read_only()
                request.tenant_refused = True
                return self.get_response(request)
        request.tenant = tenant
        with using(replace(settings, tenant=str(tenant.pk))), scope(tenant=tenant):
            if not writes:
                make_read_only()
            response = self.get_response(request)
        # No proxy keeps a tenant's page, and no browser shows one again without asking who looks now.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def for_anybody(self, request: HttpRequest, match: ResolverMatch, writes: bool) -> HttpResponse:
        """Answer a page that its code opens, as ``public`` and for the tenant of the code; without one, the page
        itself says that nothing is there."""
        settings = replace(NOBODY, actor="public", request=request.request_id)
        with using(settings):
            tenant_id = tenant_behind(door_of(match), match.kwargs["code"])
        if tenant_id is None:
            with using(settings):
                make_read_only()
                return self.get_response(request)
        with using(replace(settings, tenant=str(tenant_id))):
            request.tenant = Tenant.objects.get(pk=tenant_id)
            with scope(tenant=request.tenant):
                if not writes:
                    make_read_only()
                return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What the database can't even read in an address, such as a NUL, names nothing that is there."""
        if isinstance(error, DataError) and request.method in SAFE_METHODS:
            return render(request, "404.html", status=404)
        return None

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        """Answer 404 for a tenant that isn't the user's, before any view runs."""
        if getattr(request, "tenant_refused", False):
            raise Http404
