"""Pages of the data."""

from django.urls import path

from kpi.intake import views

urlpatterns = [
    path("data/", views.data, name="data"),
    path("data/send/", views.send, name="data-send"),
    path("data/runs/<int:run>/", views.run_page, name="data-run"),
    path("data/runs/<int:run>/correct/", views.correct, name="data-correct"),
    path("data/runs/<int:run>/take-back/", views.take_back, name="data-take-back"),
    path("data/runs/<int:run>/rejected.csv", views.rejected, name="data-rejected"),
]
