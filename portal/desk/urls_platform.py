"""Addresses of what all workspaces share."""

from django.urls import path

from portal.desk import views_platform as views

app_name = "platform"
urlpatterns = [
    path("", views.home, name="home"),
    path("calendars/", views.calendars, name="calendars"),
    path("calendars/load/", views.load, name="load"),
    path("calendars/years/<int:year>/", views.year, name="year"),
    path("calendars/<int:pk>/", views.notice, name="notice"),
    path("calendars/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("calendars/<int:pk>/refuse/", views.refuse, name="refuse"),
]
