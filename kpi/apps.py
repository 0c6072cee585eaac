"""The app."""

from django.apps import AppConfig


class KpiConfig(AppConfig):
    name = "kpi"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kpi import checks  # noqa: F401  registers them; the one late import allowed
