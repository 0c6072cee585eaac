"""Sites, teams, queues, channels, intents, annotations and who may see what: kept in the admin."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kpi import zones
from kpi.plans.texts import NO_NAMES, person_in


def check_zone(name: str) -> None:
    """A zone is a name of the IANA database, so that clock changes are known."""
    if not zones.is_zone(name):
        said = {"zone": name, "like": zones.like(name)}
        raise ValidationError(_("“%(zone)s” is not a time zone; write one like %(like)s."), params=said)


class Site(models.Model):
    """A place of work with its own calendar day."""

    code = models.SlugField(_("code"), unique=True, max_length=64)
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=64, validators=[check_zone])

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def zones_here() -> list[str]:
    """To choose from: those of the sites first."""
    return zones.offered(Site.objects.order_by("pk").values_list("zone", flat=True))


class Team(models.Model):
    """A group of people at one site; the smallest scope of any number."""

    code = models.CharField(_("code"), unique=True, max_length=120)
    name = models.CharField(_("name"), max_length=120)
    site = models.ForeignKey(Site, models.PROTECT, related_name="teams", verbose_name=_("site"))
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Queue(models.Model):
    """Where contacts wait for a person or a machine."""

    code = models.CharField(_("code"), unique=True, max_length=120)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """voice, chat, email ...: few, seen in the files."""

    code = models.CharField(_("code"), unique=True, max_length=64)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Intent(models.Model):
    """What the customer wants; intents of one group count as the same issue (metrics.md D1)."""

    code = models.CharField(_("code"), unique=True, max_length=120)
    name = models.CharField(_("name"), max_length=120)
    group = models.CharField(_("group"), max_length=64, help_text=_("Intents of one group are the same issue."))

    class Meta:
        verbose_name = _("intent")
        verbose_name_plural = _("intents")
        ordering = ["group", "name"]

    def __str__(self) -> str:
        return self.name


class Annotation(models.Model):
    """Something that happened: drawn on the time axis of the charts it concerns. Of a site: its own, its teams' and the company's;
    of a team: its own alone."""

    class Kind(models.TextChoices):
        ROLL_OUT = "roll_out", _("roll-out")
        OUTAGE = "outage", _("outage")
        CAMPAIGN = "campaign", _("campaign")
        STAFFING = "staffing", _("staffing")
        DEFINITION = "definition", _("definition")
        OTHER = "other", _("other")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OTHER)
    day = models.DateField(_("day"), help_text=_("The day it happened, or the first of several."))
    last_day = models.DateField(_("last day"), null=True, blank=True, help_text=_("Of several; empty: one day."))
    text = models.CharField(_("text"), max_length=120, help_text=NO_NAMES)
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, verbose_name=_("site"), help_text=_("Empty: all sites."))
    team = models.ForeignKey(
        Team,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("team"),
        help_text=_("Where it concerns one team alone; then without a site."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, verbose_name=_("entered by")
    )

    class Meta:
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(name="annotation_of_a_site_or_a_team", condition=Q(site__isnull=True) | Q(team__isnull=True)),
            models.CheckConstraint(name="annotation_ends_after_start", condition=Q(last_day__isnull=True) | Q(last_day__gte=F("day"))),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.text}"

    def clean(self) -> None:
        """A sentence for what the database would refuse, and no person in the text."""
        if self.site_id is not None and self.team_id is not None:
            raise ValidationError({"team": _("An annotation is about a site or about one team, not both.")})
        if self.day and self.last_day and self.last_day < self.day:
            raise ValidationError({"last_day": _("The last day lies before the first.")})
        check_no_person("text", self.text)


def check_no_person(field: str, text: str) -> None:
    """Refuses what names a person, as far as it can be seen; users of this site are known by name."""
    users = get_user_model().objects.exclude(first_name="").exclude(last_name="").values_list("first_name", "last_name")
    if problem := person_in(text, [f"{first} {last}" for first, last in users]):
        raise ValidationError({field: problem})


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
