"""Mails and alerts: pages and data."""

from django.urls import path

from kpi import alert_pages, mail_pages

urlpatterns = [
    path("mails/", mail_pages.mails, name="mails"),
    path("mails/new/", mail_pages.subscribe_here, name="mail-new"),
    path("mails/<int:pk>/", mail_pages.preview, name="mail-preview"),
    path("mails/<int:pk>/end/", mail_pages.end, name="mail-end"),
    path("mails/stop/<str:token>/", mail_pages.stop, name="mail-stop"),
    path("alerts/", alert_pages.alerts, name="alerts"),
    path("alerts/<int:pk>/", alert_pages.alert, name="alert"),
    path("alerts/<int:pk>/take-on/", alert_pages.take_on, name="alert-take-on"),
    path("api/v1/alerts", alert_pages.AlertsView.as_view(), name="api-alerts"),
]
