"""People of a tenant."""

from django.urls import path

from portal.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.people, name="people"),
    path("add/", views.add_person, name="add_person"),
    path("teams/add/", views.add_team, name="add_team"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/end/", views.end_access, name="end_access"),
    path("<int:pk>/link/", views.send_link, name="send_link"),
]
