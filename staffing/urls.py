"""The pages of the app."""

from django.urls import path

from staffing import views

urlpatterns = [
    path("scenarios/", views.scenarios, name="scenarios"),
    path("export/scenarios.csv", views.scenarios_csv, name="scenarios-csv"),
    path("export/scenarios.xlsx", views.scenarios_xlsx, name="scenarios-xlsx"),
]
