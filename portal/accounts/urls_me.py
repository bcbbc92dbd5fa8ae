"""The reader's own settings, with or without a tenant."""

from django.urls import path

from portal.accounts import views_me

app_name = "me"
urlpatterns = [
    path("", views_me.own_settings, name="settings"),
    path("language/", views_me.language, name="language"),
    path("appearance/", views_me.appearance, name="appearance"),
]
