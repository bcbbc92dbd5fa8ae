"""People of a tenant."""

from django.urls import path

from portal.accounts import views, views_away

app_name = "accounts"
urlpatterns = [
    path("", views.people, name="people"),
    path("add/", views.add_person, name="add_person"),
    path("teams/add/", views.add_team, name="add_team"),
    path("away/", views_away.away, name="away"),
    path("away/<int:pk>/end/", views_away.end_away, name="end_away"),
    path("<int:pk>/away/", views_away.person_away, name="person_away"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/end/", views.end_access, name="end_access"),
    path("<int:pk>/link/", views.send_link, name="send_link"),
]
