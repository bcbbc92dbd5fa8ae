"""Addresses of files."""

from django.urls import path

from portal.evidence import views

app_name = "evidence"
urlpatterns = [
    path("<uuid:code>/", views.open_evidence, name="open"),
    path("photos/<int:pk>/", views.photo, name="photo"),
]
