"""The pages of the product."""

from django.urls import include, path

from kpi import display, downloads, first_run, takeaway, views, who_looked
from kpi.operations.views import urlpatterns as operations

urlpatterns = [
    path("", views.overview, name="overview"),
    path("definitions/", views.definitions, name="definitions"),
    path("definitions/<slug:key>/", views.definition, name="definition"),
    path("first-run/", first_run.first_run, name="first-run"),
    path("keys/", display.display, name="display"),
    path("who-looked/", who_looked.who_looked, name="who-looked"),
    *operations,
    path("lists/<slug:kind>/", views.case_list, name="cases"),
    *downloads.urlpatterns,
    path("", include("kpi.mail_urls")),
    *takeaway.urlpatterns,
    path("<slug:page>/", views.sheet, name="sheet"),
]
