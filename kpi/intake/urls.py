"""Pages of the data."""

from django.urls import path

from kpi.intake import night_pages, views, whole_pages
from kpi.intake.mapped import versions
from kpi.intake.mapped import views as mapped

urlpatterns = [
    path("data/", views.data, name="data"),
    path("data/days/", whole_pages.whole, name="data-days"),
    path("data/nights/", night_pages.nights_page, name="nights"),
    path("data/nights/steps/<int:step>/again/", night_pages.again, name="night-again"),
    path("data/nights/mail/", night_pages.mail_me, name="nights-mail"),
    path("data/send/", views.send, name="data-send"),
    path("data/map/", mapped.start, name="data-map"),
    path("data/map/yaml/", versions.from_file, name="data-map-yaml"),
    path("data/map/<slug:token>/text/", mapped.text, name="data-map-text"),
    path("data/map/<slug:token>/columns/", mapped.of_columns, name="data-map-columns"),
    path("data/map/<slug:token>/cells/", mapped.of_cells, name="data-map-cells"),
    path("data/map/<slug:token>/check/", mapped.check, name="data-map-check"),
    path("data/mappings/<slug:key>/", versions.page, name="data-mapping"),
    path("data/mappings/<slug:key>/<int:number>.yaml", versions.as_yaml, name="data-mapping-yaml"),
    path("data/mappings/<slug:key>/<int:number>/hold/", versions.hold_again, name="data-mapping-hold"),
    path("data/runs/<int:run>/", views.run_page, name="data-run"),
    path("data/runs/<int:run>/correct/", views.correct, name="data-correct"),
    path("data/runs/<int:run>/take-back/", views.take_back, name="data-take-back"),
    path("data/runs/<int:run>/rejected.csv", views.rejected, name="data-rejected"),
]
