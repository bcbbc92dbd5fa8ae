"""Addresses of filings."""

from django.urls import path

from filings.views import changes, cockpit, filing, papers, steps, wordings

app_name = "filings"
urlpatterns = [
    path("", filing.filings, name="filings"),
    path("open/<int:obligation>/", steps.open_dossier, name="open"),
    path("changes/", changes.changes, name="changes"),
    path("changes/<str:reference>/", changes.change, name="change"),
    path("changes/<str:reference>/day/", changes.day, name="change_day"),
    path("changes/<str:reference>/decide/", changes.decide, name="change_decide"),
    path("changes/<str:reference>/confirm/", changes.confirm, name="change_confirm"),
    path("forms/", wordings.forms, name="forms"),
    path("forms/<str:form>/<str:field>/", wordings.field, name="form_field"),
    path("<str:reference>/", filing.filing, name="filing"),
    path("<str:reference>/papers/<int:document>/", steps.document, name="document"),
    path("<str:reference>/papers/<int:document>/read/", papers.read, name="read"),
    path("<str:reference>/xray/", papers.examined, name="xray"),
    path("<str:reference>/seal/", papers.seal, name="seal"),
    path("<str:reference>/seal/<int:number>/back/", papers.seal_back, name="seal_back"),
    path("<str:reference>/seal/<int:number>/slip/", papers.seal_slip, name="seal_slip"),
    path("<str:reference>/fields/<slug:material>/", papers.fields, name="fields"),
    path("<str:reference>/copy/", cockpit.cockpit, name="copy"),
    path("<str:reference>/copy/tick/", cockpit.tick, name="tick"),
    path("<str:reference>/copy/files/<int:document>/", cockpit.attachment, name="attachment"),
    path("<str:reference>/fill/<slug:material>/", steps.generate, name="generate"),
    path("<str:reference>/preview/<slug:material>/", filing.preview, name="preview"),
    path("<str:reference>/freeze/", steps.freeze, name="freeze"),
    path("<str:reference>/reopen/", steps.reopen, name="reopen"),
    path("<str:reference>/submit/", steps.submit, name="submit"),
    path("<str:reference>/correction/", steps.correction, name="correction"),
    path("<str:reference>/accept/", steps.accept, name="accept"),
    path("<str:reference>/today/", changes.today, name="today"),
    path("<str:reference>/dossier/", filing.dossier, name="dossier"),
    path("<str:reference>/dossier/<int:round>/", filing.dossier, name="version"),
]
