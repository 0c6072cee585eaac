"""Who looked at whose wellbeing panel: kept for the representative, the administrator and those it is about, without any number."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class WellbeingSeen(models.Model):
    """One reader, page, scope and period within one hour of the clock; the same again in that hour counts up."""

    class Surface(models.TextChoices):
        PAGE = "page", _("page")
        API = "api", _("API")
        FILE = "file", _("file")
        MAIL = "mail", _("mail")

    id = models.BigAutoField(primary_key=True)
    mark = models.CharField(max_length=32, unique=True)  # of reader, surface, page, scope, period, wave and hour
    address = models.CharField(max_length=32)  # of the address asked: a reload the reader's browser answers is the same look again
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))
    times = models.PositiveIntegerField(_("times"), default=1)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("user"))
    username = models.CharField(_("name at that time"), max_length=150)  # stays where the user is deleted
    role = models.CharField(_("role at that time"), max_length=16)
    surface = models.CharField(_("as"), max_length=4, choices=Surface)
    page = models.CharField(_("page"), max_length=60)
    title = models.CharField(_("about"), max_length=300)
    site = models.BigIntegerField(null=True)
    teams = models.TextField(blank=True)  # ",3,17,": empty for a site or the company
    first_day = models.DateField(_("first day"))
    end_day = models.DateField(_("first day after"))
    wave = models.DateField(_("survey"), null=True)

    class Meta:
        verbose_name = _("look at wellbeing")
        verbose_name_plural = _("looks at wellbeing")
        ordering = ["-last_at", "-pk"]
        indexes = [
            models.Index(fields=["-last_at"], name="wellbeing_seen_at"),
            models.Index(fields=["user", "address"], name="wellbeing_seen_again"),
        ]

    def __str__(self) -> str:
        return f"{self.username}, {self.page}, {self.last_at:%Y-%m-%d %H:%M}"

    @property
    def last_day(self) -> date:
        """As people say a period."""
        return self.end_day - timedelta(days=1)
