"""Sites, teams, queues, channels, intents, annotations and who may see what: kept in the admin."""

import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def check_zone(name: str) -> None:
    """A zone is a name of the IANA database, so that clock changes are known."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone; write one like Europe/Lisbon."), params={"name": name})


class Site(models.Model):
    """A place of work with its own calendar day."""

    code = models.SlugField(_("code"), unique=True, max_length=64)
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=64, validators=[check_zone])

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A group of people at one site; the smallest scope of any number."""

    code = models.CharField(_("code"), unique=True, max_length=120)
    name = models.CharField(_("name"), max_length=120)
    site = models.ForeignKey(Site, models.PROTECT, related_name="teams", verbose_name=_("site"))
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Queue(models.Model):
    """Where contacts wait for a person or a machine."""

    code = models.CharField(_("code"), unique=True, max_length=120)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """voice, chat, email ...: few, seen in the files."""

    code = models.CharField(_("code"), unique=True, max_length=64)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Intent(models.Model):
    """What the customer wants; intents of one group count as the same issue (metrics.md D1)."""

    code = models.CharField(_("code"), unique=True, max_length=120)
    name = models.CharField(_("name"), max_length=120)
    group = models.CharField(_("group"), max_length=64, help_text=_("Intents of one group are the same issue."))

    class Meta:
        ordering = ["group", "name"]

    def __str__(self) -> str:
        return self.name


class Annotation(models.Model):
    """Something that happened: drawn on the time axis of every chart of its site."""

    day = models.DateField(_("day"))
    text = models.CharField(_("text"), max_length=120)
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, verbose_name=_("site"), help_text=_("Empty: all sites."))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.text}"


class Membership(models.Model):
    """The role of one user and the teams and site a manager answers for."""

    class Role(models.TextChoices):
        EXECUTIVE = "executive", _("executive")
        MANAGER = "manager", _("manager")
        ANALYST = "analyst", _("analyst")
        STEWARD = "steward", _("data steward")
        REPRESENTATIVE = "representative", _("representative (works council)")
        ADMINISTRATOR = "administrator", _("administrator")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="membership")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    teams = models.ManyToManyField(Team, blank=True, verbose_name=_("own teams"), help_text=_("For managers."))

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
