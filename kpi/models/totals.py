"""What the system of a source itself says it handled, day by day: nothing is computed from it, our own records are held against it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kpi.models.imports import DataSource


class VendorTotal(models.Model):
    """Contacts of one day as the vendor counts them."""

    source = models.ForeignKey(DataSource, models.CASCADE, related_name="vendor_totals", verbose_name=_("source"))
    day = models.DateField(_("day"))
    contacts = models.PositiveIntegerField(_("contacts"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False)
    entered_at = models.DateTimeField(_("entered"), auto_now=True)

    class Meta:
        verbose_name = _("total of a vendor")
        verbose_name_plural = _("totals of vendors")
        ordering = ["source", "-day"]
        constraints = [models.UniqueConstraint(fields=["source", "day"], name="vendor_total_once")]

    def __str__(self) -> str:
        return f"{self.source}, {self.day}"
