"""Days on which a site does not work as its weekday would say (metrics.md G1): kept in the admin, typed or pasted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpi.models.organisation import Site


class Holiday(models.Model):
    """A public holiday at one site, or at all of them. Two countries are two lists: each site has its own."""

    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=120)
    site = models.ForeignKey(
        Site, models.CASCADE, null=True, blank=True, related_name="holidays", verbose_name=_("site"), help_text=_("Empty: all sites.")
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("entered by")
    )

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["-day", "site"]
        constraints = [
            models.UniqueConstraint(fields=["day", "site"], name="holiday_of_a_site_once"),
            models.UniqueConstraint(fields=["day"], condition=Q(site__isnull=True), name="holiday_of_all_sites_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"
