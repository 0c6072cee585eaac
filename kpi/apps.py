"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KpiConfig(AppConfig):
    name = "kpi"
    verbose_name = _("Organisation and imports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from kpi import checks, doubts, version  # noqa: F401  checks register themselves; late imports are allowed here alone
        from kpi.operations import jobs

        jobs.connect()
        version.doubts_at[:] = [doubts.standing_doubts]
