"""Addresses of cases and incidents, under /t/<tenant>/cases/."""

from django.urls import path

from portal.cases.views import cases, incidents, lists

app_name = "cases"
urlpatterns = [
    path("requests/", lists.cases, name="cases"),
    path("requests/new/", cases.case_new, name="case_new"),
    path("requests/<str:reference>/", cases.case, name="case"),
    path("requests/<str:reference>/edit/", cases.case_edit, name="case_edit"),
    path("requests/<str:reference>/answer/", cases.case_answer, name="answer"),
    path("requests/<str:reference>/proof/", cases.case_proof, name="proof"),
    path("requests/<str:reference>/note/", cases.case_note, name="note"),
    path("requests/<str:reference>/close/", cases.case_close, name="close"),
    path("requests/<str:reference>/reopen/", cases.case_reopen, name="reopen"),
    path("incidents/", lists.incidents, name="incidents"),
    path("incidents/new/", incidents.incident_new, name="incident_new"),
    path("incidents/<str:reference>/", incidents.incident, name="incident"),
    path("incidents/<str:reference>/edit/", incidents.incident_edit, name="incident_edit"),
    path("incidents/<str:reference>/stamp/<str:name>/", incidents.incident_stamp, name="incident_stamp"),
    path("incidents/<str:reference>/receipt/", incidents.incident_receipt, name="incident_receipt"),
    path("incidents/<str:reference>/close/", incidents.incident_close, name="incident_close"),
    path("incidents/<str:reference>/reopen/", incidents.incident_reopen, name="incident_reopen"),
]
