"""Addresses of filings."""

from django.urls import path

from filings.views import chain, changes, ending, filing, kinds, lists, rounds, steps

app_name = "filings"
urlpatterns = [
    path("", lists.filings, name="filings"),
    path("open/<int:obligation>/", steps.open_dossier, name="open"),
    path("open-change/<str:uscc>/", kinds.open_change, name="open_change"),
    path("ends/", ending.endings, name="endings"),
    path("ends/new/<str:uscc>/", ending.begin, name="ending_new"),
    path("ends/<str:reference>/", ending.ending, name="ending"),
    path("ends/<str:reference>/cancellation/", ending.cancel, name="ending_cancel"),
    path("ends/<str:reference>/close/", ending.close, name="ending_close"),
    path("ends/<str:reference>/undo/", ending.undo, name="ending_undo"),
    path("ends/<str:reference>/tasks/<int:task>/", ending.task, name="ending_task"),
    path("ends/<str:reference>/tasks/<int:task>/owner/", ending.assign, name="ending_assign"),
    path("changes/", changes.changes, name="changes"),
    path("changes/<str:reference>/", changes.change, name="change"),
    path("changes/<str:reference>/day/", changes.day, name="change_day"),
    path("changes/<str:reference>/decide/", changes.decide, name="change_decide"),
    path("changes/<str:reference>/confirm/", changes.confirm, name="change_confirm"),
    path("<str:reference>/", filing.filing, name="filing"),
    path("<str:reference>/on-file/", chain.on_file, name="on_file"),
    path("<str:reference>/papers/<int:document>/", steps.document, name="document"),
    path("<str:reference>/fill/<slug:material>/", steps.generate, name="generate"),
    path("<str:reference>/preview/<slug:material>/", filing.preview, name="preview"),
    path("<str:reference>/freeze/", steps.freeze, name="freeze"),
    path("<str:reference>/reopen/", steps.reopen, name="reopen"),
    path("<str:reference>/submit/", steps.submit, name="submit"),
    path("<str:reference>/correction/", rounds.correction, name="correction"),
    path("<str:reference>/reject/", rounds.reject, name="reject"),
    path("<str:reference>/round/", rounds.begin_round, name="round"),
    path("<str:reference>/accept/", rounds.accept, name="accept"),
    path("<str:reference>/withdraw/", kinds.withdraw, name="withdraw"),
    path("<str:reference>/anew/", kinds.open_anew, name="anew"),
    path("<str:reference>/today/", changes.today, name="today"),
    path("<str:reference>/dossier/", filing.dossier, name="dossier"),
    path("<str:reference>/dossier/<int:round>/", filing.dossier, name="version"),
]
