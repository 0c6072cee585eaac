"""The pages of the app."""

from django.urls import path

from staffing import views

urlpatterns = [path("scenarios/", views.scenarios, name="scenarios")]
