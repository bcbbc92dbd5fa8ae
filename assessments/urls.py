"""Addresses of impact assessments."""

from django.urls import path

from assessments import views

app_name = "assessments"
urlpatterns = [
    path("new/<int:scenario>/", views.new, name="new"),
    path("<str:reference>/", views.assessment, name="assessment"),
    path("<str:reference>/approve/", views.approve, name="approve"),
]
