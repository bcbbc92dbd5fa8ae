"""Addresses of the pages over everything."""

from django.urls import path

from portal.desk import (
    views,
    views_channels,
    views_duties,
    views_inbox,
    views_law,
    views_mail,
    views_search,
    views_trail,
)

app_name = "desk"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("health/", views.health, name="health"),
    path("duties/", views_duties.obligations, name="obligations"),
    path("duties/<int:pk>/", views_duties.obligation, name="obligation"),
    path("law/", views_law.law, name="law"),
    path("trail/", views_trail.trail, name="trail"),
    path("trail/export/", views_trail.export, name="trail_export"),
    path("deliveries/", views_inbox.deliveries, name="deliveries"),
    path("deliveries/export/", views_inbox.export, name="deliveries_export"),
    path("deliveries/receipts/", views_inbox.receipts, name="receipts"),
    path("channels/", views_channels.channels, name="channels"),
    path("channels/own/", views_channels.own_channels, name="own_channels"),
    path("channels/add/", views_channels.add_robot, name="add_robot"),
    path("channels/mail/test/", views_channels.mail_test, name="mail_test"),
    path("channels/mail/confirm/", views_channels.mail_confirm, name="mail_confirm"),
    path("channels/<uuid:code>/", views_channels.robot, name="robot"),
    path("channels/<uuid:code>/change/", views_channels.change_robot, name="change_robot"),
    path("channels/<uuid:code>/test/", views_channels.robot_test, name="robot_test"),
    path("channels/<uuid:code>/confirm/", views_channels.robot_confirm, name="robot_confirm"),
    path("channels/<uuid:code>/switch/", views_channels.robot_switch, name="robot_switch"),
    path("channels/<uuid:code>/events/<int:pk>/replay/", views_channels.replay_event, name="replay_event"),
    path("inbox/", views_inbox.inbox, name="inbox"),
    path("inbox/read/", views_inbox.mark_read, name="inbox_read"),
    path("search/", views_search.search, name="search"),
    path("demo-mail/", views_mail.demo_mail, name="demo_mail"),
    path("demo-mail/<str:name>/", views_mail.demo_message, name="demo_message"),
]
