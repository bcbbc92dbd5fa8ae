"""Addresses of the register, under /t/<tenant>/register/."""

from django.urls import path

from deployments.views import areas, deployments, devices, equipment, lists, pips, places, site_video, sites

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
    path("sites/", lists.sites, name="sites"),
    path("sites/new/", sites.site_new, name="site_new"),
    path("sites/<int:pk>/", sites.site, name="site"),
    path("sites/<int:pk>/edit/", sites.site_edit, name="site_edit"),
    path("sites/<int:pk>/video/", site_video.site_police, name="site_police"),
    path("sites/<int:pk>/video/edit/", site_video.site_video_edit, name="site_video_edit"),
    path("sites/<int:pk>/video/filing/edit/", site_video.site_police_file, name="site_police_file"),
    path("sites/<int:pk>/video/change/edit/", site_video.site_police_change, name="site_police_change"),
    path("sites/<int:pk>/video/neighbour/edit/", site_video.site_neighbour, name="site_neighbour"),
    path("sites/<int:pk>/video/proofs/new/", site_video.site_proof_new, name="site_proof_new"),
    path("deployments/", lists.deployments, name="deployments"),
    path("deployments/new/", deployments.deployment_new, name="deployment_new"),
    path("deployments/<int:pk>/", deployments.deployment, name="deployment"),
    path("deployments/<int:pk>/edit/", deployments.deployment_edit, name="deployment_edit"),
    path("deployments/<int:pk>/move/", deployments.deployment_move, name="deployment_move"),
    path("deployments/<int:pk>/devices/new/", equipment.device_new, name="device_new"),
    path("deployments/<int:pk>/areas/", areas.areas, name="areas"),
    path("deployments/<int:pk>/areas/new/", areas.area_new, name="area_new"),
    path("areas/<int:pk>/edit/", areas.area_edit, name="area_edit"),
    path("areas/<int:pk>/outline/edit/", areas.area_outline, name="area_outline"),
    path("areas/<int:pk>/plan/", areas.area_plan, name="area_plan"),
    path("deployments/<int:pk>/signs/new/", equipment.sign_new, name="sign_new"),
    path("devices/<int:pk>/edit/", equipment.device_edit, name="device_edit"),
    path("devices/<int:pk>/remove/", devices.device_remove, name="device_remove"),
    path("devices/<int:pk>/prove/", devices.device_prove, name="device_prove"),
    path("signs/<int:pk>/edit/", equipment.sign_edit, name="sign_edit"),
    path("signs/<int:pk>/take-down/", equipment.sign_take_down, name="sign_take_down"),
]
