"""Every address of the portal."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from deployments.views import public
from portal.accounts import signin
from portal.cases.views import public as requests
from portal.desk import views as desk
from portal.desk import views_dates as dates
from portal.desk import views_feed, views_reminders

urlpatterns = [
    path("", desk.home, name="home"),
    path("healthz", desk.healthz, name="healthz"),
    path("accounts/", include(signin)),
    path("dates/", dates.dates, name="dates"),
    path("platform/authorities/", include("filings.urls_authorities")),
    path("platform/", include("portal.desk.urls_platform")),
    path("me/", include("portal.accounts.urls_me")),
    path("t/<slug:tenant>/", include("portal.desk.urls")),
    path("t/<slug:tenant>/people/", include("portal.accounts.urls")),
    path("t/<slug:tenant>/files/", include("portal.evidence.urls")),
    path("t/<slug:tenant>/imports/", include("portal.imports.urls")),
    path("t/<slug:tenant>/cases/", include("portal.cases.urls")),
    path("t/<slug:tenant>/assessments/", include("assessments.urls")),
    path("t/<slug:tenant>/filings/", include("filings.urls")),
    path("t/<slug:tenant>/register/", include("deployments.urls")),
    path("a/<str:token>/", views_reminders.answer_mail, name="answer"),
    path("r/<uuid:code>/", requests.request_public, name="request_public"),
    path("r/<uuid:code>/status/", requests.request_status, name="request_status"),
    path("n/<uuid:code>/", public.notice, name="notice_public"),
    path("c/<uuid:code>/calendar.ics", views_feed.feed, name="feed_public"),
    path("favicon.ico", RedirectView.as_view(url=settings.STATIC_URL + "img/mark.svg"), name="favicon"),
]
handler500 = "portal.desk.views.server_error"
