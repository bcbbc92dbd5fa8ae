"""Addresses of the pages over everything."""

from django.urls import path

from portal.desk import (
    views,
    views_calendar,
    views_duties,
    views_feed,
    views_hands,
    views_inbox,
    views_law,
    views_mail,
    views_reminders,
    views_search,
    views_trail,
    views_work,
)

app_name = "desk"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("health/", views.health, name="health"),
    path("work/", views_work.work, name="work"),
    path("work/team/", views_work.team, name="team"),
    path("work/team/<int:pk>/hand-over/", views_work.hand_over, name="hand_over"),
    path("calendar/", views_calendar.month, name="calendar"),
    path("calendar/feeds/", views_feed.feeds, name="feeds"),
    path("duties/", views_duties.obligations, name="obligations"),
    path("duties/<int:pk>/", views_duties.obligation, name="obligation"),
    path("duties/assign/", views_hands.assign, name="assign"),
    path("duties/assigned/<int:pk>/undo/", views_hands.assign_undo, name="assign_undo"),
    path("duties/<int:pk>/remark/", views_hands.remark, name="remark"),
    path("duties/<int:pk>/remarks/read/", views_hands.remarks_read, name="remarks_read"),
    path("duties/remarks/<int:pk>/settle/", views_hands.remark_settle, name="remark_settle"),
    path("duties/<int:pk>/mend/", views_reminders.mend, name="obligation_mend"),
    path("duties/<int:pk>/answer/", views_reminders.answer_duty, name="obligation_answer"),
    path("settings/reminders/", views_reminders.ladder_settings, name="ladder"),
    path("law/", views_law.law, name="law"),
    path("trail/", views_trail.trail, name="trail"),
    path("trail/export/", views_trail.export, name="trail_export"),
    path("deliveries/", views_inbox.deliveries, name="deliveries"),
    path("inbox/", views_inbox.inbox, name="inbox"),
    path("inbox/read/", views_inbox.mark_read, name="inbox_read"),
    path("search/", views_search.search, name="search"),
    path("demo-mail/", views_mail.demo_mail, name="demo_mail"),
    path("demo-mail/<str:name>/", views_mail.demo_message, name="demo_message"),
]
