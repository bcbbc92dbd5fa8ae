"""The way in, the overview, and how the portal itself is doing."""

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from filings.models import Filing
from portal.accounts.models import Membership
from portal.accounts.pages import ANYONE, MEMBER, SIGNED_IN, is_platform, page
from portal.calendars.clock import civil_today
from portal.desk.acts import rules_of
from portal.desk.health import findings, probe
from portal.desk.paging import capped_count
from portal.desk.summary import summaries
from portal.desk.views_duties import with_days_left
from portal.imports.models import ImportBatch
from portal.imports.services import visible
from portal.law.engine import STATUTORY
from portal.notifications.services import mail_proof
from portal.obligations.models import Obligation

SHOWN_PIPS = 48
SHOWN = 8


@page(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """Into the only workspace, or the choice of them; somebody with none is told what to do."""
    with scopes_disabled():
        # The policy on memberships shows a person his own, whatever the tenant.
        mine = Membership.objects.filter(user=request.user).current(civil_today()).select_related("tenant")
        tenants = sorted((row.tenant for row in mine), key=lambda tenant: tenant.name)
    if len(tenants) == 1 and "choose" not in request.GET:
        return redirect("desk:dashboard", tenants[0].slug)
    if not tenants and is_platform(request.user):
        return redirect("platform:home")
    return render(request, "desk/home.html", {"tenants": tenants})


def healthz(request: HttpRequest) -> HttpResponse:
    """For the operator's probe: no sign-in, no tenant's data; 503 when something that matters is down."""
    parts, is_well = probe()
    status = 200 if is_well else 503
    if "plain" in request.GET:
        text = "".join(f"{name}: {value}\n" for name, value in parts.items())
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
    return JsonResponse(parts, status=status)


healthz.rule = page(ANYONE)(healthz).rule


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug: the page asks neither the database nor the request for anything."""
    return HttpResponseServerError(render_to_string("500.html"))


@page("view_pip")
def health(request: HttpRequest) -> HttpResponse:
    """Queue, scheduler, mail, calendar and disk in plain words."""
    rows = findings(request.tenant, request.access.pip_ids("view_pip"), today=civil_today())
    return render(request, "desk/health.html", {"title": _("Health of the portal"), "rows": rows})


@page(MEMBER)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Each PIP against the threshold, what comes next, and what is under way."""
    if not request.access.can("view_pip"):
        # A vendor's work is the vendor files.
        if request.access.can("upload_import"):
            return redirect("imports:batches", request.tenant.slug)
        return render(request, "desk/no_work.html", {"title": _("Overview")})
    today = civil_today()
    pips = request.access.pips("view_pip")
    found = summaries(pips, today=today)
    pips = sorted(pips, key=lambda pip: (-found[pip.pk].overdue, -found[pip.pk].critical, -found[pip.pk].total.high))
    duties = request.access.rows(Obligation).open().select_related("pip", "tenant")
    crossings = duties.filter(rule__in=rules_of("count")).order_by("arose_on", "id")
    dated = duties.filter(safe_on__isnull=False).order_by("safe_on", "id")
    advised = dated.exclude(rule__in=STATUTORY)
    context = {
        "title": _("Overview"),
        "cards": [(pip, found[pip.pk]) for pip in pips[:SHOWN_PIPS]],
        "highest": max((found[pip.pk].total.high for pip in pips[:SHOWN_PIPS]), default=0),
        "more_pips": max(len(pips) - SHOWN_PIPS, 0),
        "sums": {
            "open": sum(found[pip.pk].open for pip in pips),
            "critical": sum(found[pip.pk].critical for pip in pips),
            "overdue": sum(found[pip.pk].overdue for pip in pips),
            "waived": sum(found[pip.pk].waived for pip in pips),
        },
        "crossings": list(crossings[:SHOWN]),
        "may_confirm": request.access.can("confirm_count"),
        "deadlines": with_days_left(list(dated.filter(rule__in=STATUTORY)[:SHOWN])),
        "advised": capped_count(advised),
        "advised_past": capped_count(advised.filter(safe_on__lt=today)),
        "filings": list(under_way(request)[:SHOWN]),
        "batches": list(recent_files(request)[:SHOWN]),
        "may_read_log": request.access.can("view_audit"),
        "is_mail_unproved": request.access.can("manage_members") and mail_proof() is None,
        "demo_mail": settings.DEMO_MAIL_ROOT,
    }
    return render(request, "desk/dashboard.html", context)


def under_way(request: HttpRequest):
    """Filings that are neither accepted nor taken back, the newest first."""
    rows = request.access.rows(Filing).filter(~Q(state__in=["accepted", "withdrawn"]))
    return rows.select_related("pip", "tenant").order_by("-id")


def recent_files(request: HttpRequest):
    """The newest vendor files, for those who work with them."""
    if not request.access.can("upload_import"):
        return ImportBatch.objects.none()
    return visible(request.access).select_related("tenant", "uploaded_by").order_by("-id")
