"""Who opened a list of contacts: kept for the representative and the administrator, without anything the list held."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ListOpened(models.Model):
    """One opening of one list on one surface. Neither a customer, a contact nor their number is in it."""

    class Surface(models.TextChoices):
        PAGE = "page", _("page")
        CSV = "csv", _("CSV file")
        XLSX = "xlsx", _("XLSX file")
        JSON = "json", _("JSON")

    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("user"))
    username = models.CharField(_("name at that time"), max_length=150)  # stays where the user is deleted
    role = models.CharField(_("role at that time"), max_length=16)
    kind = models.CharField(_("list"), max_length=16)
    surface = models.CharField(_("as"), max_length=4, choices=Surface)
    scope = models.CharField(_("filters"), max_length=600, blank=True)
    start = models.DateField(_("first day"))
    end = models.DateField(_("first day after"))

    class Meta:
        verbose_name = _("opened list")
        verbose_name_plural = _("opened lists")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["-opened_at"], name="list_opened_at")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.username}, {self.opened_at:%Y-%m-%d %H:%M}"
