"""Addresses of vendor files."""

from django.urls import path

from portal.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.batches, name="batches"),
    path("upload/", views.upload, name="upload"),
    path("template/<slug:kind>.<slug:form>", views.template, name="template"),
    path("<slug:reference>/", views.batch, name="batch"),
    path("<slug:reference>/progress/", views.progress, name="progress"),
    path("<slug:reference>/apply/", views.apply, name="apply"),
    path("<slug:reference>/recheck/", views.recheck, name="recheck"),
    path("<slug:reference>/discard/", views.discard, name="discard"),
    path("<slug:reference>/errors.<slug:form>", views.errors, name="errors"),
]
