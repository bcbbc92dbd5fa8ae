"""Addresses of the register, under /t/<tenant>/register/."""

from django.urls import path

from deployments.views import consent, deployments, equipment, lists, notice_versions, notices, pips, places

app_name = "deployments"
urlpatterns = [
    path("pips/", lists.pips, name="pips"),
    path("pips/new/", pips.pip_new, name="pip_new"),
    path("pips/<str:uscc>/", pips.pip, name="pip"),
    path("pips/<str:uscc>/edit/", pips.pip_edit, name="pip_edit"),
    path("pips/<str:uscc>/crossing/", pips.crossing_confirm, name="crossing_confirm"),
    path("pips/<str:uscc>/overlap/", pips.overlap, name="overlap"),
    path("scenarios/", lists.scenarios, name="scenarios"),
    path("scenarios/new/", places.scenario_new, name="scenario_new"),
    path("scenarios/<int:pk>/", places.scenario, name="scenario"),
    path("scenarios/<int:pk>/edit/", places.scenario_edit, name="scenario_edit"),
    path("scenarios/<int:pk>/counts/new/", equipment.count_new, name="count_new"),
    path("scenarios/<int:pk>/notice/", notices.notice, name="notice"),
    path("scenarios/<int:pk>/notice/draft/", notices.notice_draft, name="notice_draft"),
    path("scenarios/<int:pk>/notice/publish/", notices.notice_publish, name="notice_publish"),
    path("scenarios/<int:pk>/notice/compare/", notice_versions.notice_compare, name="notice_compare"),
    path("notices/<int:pk>/", notice_versions.notice_version, name="notice_version"),
    path("notices/<int:pk>/showings/new/", notice_versions.notice_showing_new, name="notice_showing_new"),
    path("scenarios/<int:pk>/consent/", consent.consent, name="consent"),
    path("scenarios/<int:pk>/consent/edit/", consent.consent_edit, name="consent_edit"),
    path("scenarios/<int:pk>/consent/wordings/new/", consent.wording_new, name="wording_new"),
    path("scenarios/<int:pk>/consent/counts/new/", consent.consents_new, name="consents_new"),
    path("scenarios/<int:pk>/consent/counts/table/", consent.consents_table, name="consents_table"),
    path("sites/", lists.sites, name="sites"),
    path("sites/new/", places.site_new, name="site_new"),
    path("sites/<int:pk>/", places.site, name="site"),
    path("sites/<int:pk>/edit/", places.site_edit, name="site_edit"),
    path("deployments/", lists.deployments, name="deployments"),
    path("deployments/new/", deployments.deployment_new, name="deployment_new"),
    path("deployments/<int:pk>/", deployments.deployment, name="deployment"),
    path("deployments/<int:pk>/edit/", deployments.deployment_edit, name="deployment_edit"),
    path("deployments/<int:pk>/move/", deployments.deployment_move, name="deployment_move"),
    path("deployments/<int:pk>/devices/new/", equipment.device_new, name="device_new"),
    path("deployments/<int:pk>/areas/new/", equipment.area_new, name="area_new"),
    path("deployments/<int:pk>/signs/new/", equipment.sign_new, name="sign_new"),
    path("devices/<int:pk>/edit/", equipment.device_edit, name="device_edit"),
    path("devices/<int:pk>/remove/", equipment.device_remove, name="device_remove"),
    path("signs/<int:pk>/edit/", equipment.sign_edit, name="sign_edit"),
    path("signs/<int:pk>/take-down/", equipment.sign_take_down, name="sign_take_down"),
]
