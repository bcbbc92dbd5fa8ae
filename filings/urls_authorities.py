"""Addresses of the directory of authorities."""

from django.urls import path

from filings.views import authorities as views

app_name = "authorities"
urlpatterns = [
    path("", views.authorities, name="authorities"),
    path("<str:province>/", views.authority, name="authority"),
    path("entries/<int:pk>/confirm/", views.confirm, name="confirm"),
]
