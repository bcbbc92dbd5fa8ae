"""Addresses of impact assessments."""

from django.urls import path

from assessments.views import erasing, listing, questions, record, review, risks, section, settling, starting

app_name = "assessments"
urlpatterns = [
    path("", listing.assessments, name="assessments"),
    path("new/<int:scenario>/", starting.new, name="new"),
    path("start/<int:scenario>/", starting.start, name="start"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<int:pip>/add/", questions.add, name="question_add"),
    path("questions/<int:pk>/end/", questions.end, name="question_end"),
    path("<str:reference>/", record.assessment, name="assessment"),
    path("<str:reference>/section/<slug:code>/", section.section, name="section"),
    path("<str:reference>/section/<slug:code>/save/", section.save, name="save"),
    path("<str:reference>/section/<slug:code>/review/", review.review, name="review"),
    path("<str:reference>/section/<slug:code>/remark/", review.remark, name="remark"),
    path("<str:reference>/remarks/<int:pk>/settle/", review.settle, name="settle"),
    path("<str:reference>/risks/", risks.risks, name="risks"),
    path("<str:reference>/risks/add/", risks.add, name="risk_add"),
    path("<str:reference>/risks/<int:pk>/", risks.weigh, name="risk"),
    path("<str:reference>/risks/<int:pk>/remove/", risks.remove, name="risk_remove"),
    path("<str:reference>/risks/<int:pk>/measures/add/", risks.measure_add, name="measure_add"),
    path("<str:reference>/measures/<int:pk>/", risks.measure, name="measure"),
    path("<str:reference>/measures/<int:pk>/remove/", risks.measure_remove, name="measure_remove"),
    path("<str:reference>/conclusion/", settling.conclusion, name="conclusion"),
    path("<str:reference>/submit/", settling.submit, name="submit"),
    path("<str:reference>/return/", settling.send_back, name="return"),
    path("<str:reference>/approve/", settling.approve, name="approve"),
    path("<str:reference>/scan/", settling.scan, name="scan"),
    path("<str:reference>/erasure/", erasing.ask, name="erasure"),
    path("<str:reference>/erasure/confirm/", erasing.confirm, name="erasure_confirm"),
    path("<str:reference>/erasure/withdraw/", erasing.withdraw, name="erasure_withdraw"),
    path("<str:reference>/facts/", starting.facts, name="facts"),
    path("<str:reference>/renew/", starting.renew, name="renew"),
    path("<str:reference>/versions/", record.versions, name="versions"),
    path("<str:reference>/preview/", record.preview, name="preview"),
]
