"""Who asked for which mail, and what became of each: one row for each mail, claimed before it is made, never its content.

A mail is worked out when it is sent, under the rights its reader has then; so no figure is kept here.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpi.models.alert import AlertChange

LONGEST = 400  # letters of the filters


class Subscription(models.Model):
    """What one user wants to be sent. The filters are the end of a page's address: a mail asks what that page asks."""

    class Kind(models.TextChoices):
        DIGEST = "digest", _("digest: the four measures")
        ALERTS = "alerts", _("alerts: one mail for each change, one for all of a night")
        NIGHTS = "nights", _("nights: when one failed, without figures")

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        DAILY = "daily", _("every day")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.DIGEST)
    rhythm = models.CharField(_("rhythm"), max_length=8, choices=Rhythm, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday, default=Weekday.MONDAY)
    filters = models.CharField(_("filters"), max_length=LONGEST, blank=True)
    language = models.CharField(_("language"), max_length=16, default="en")
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail that was asked for")
        verbose_name_plural = _("mails that were asked for")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="subscription_kind_known", condition=Q(kind__in=["digest", "alerts", "nights"])),
            models.CheckConstraint(name="subscription_rhythm_known", condition=Q(rhythm__in=["weekly", "daily"])),
            models.CheckConstraint(name="subscription_weekday_of_a_week", condition=Q(weekday__lte=6)),
            models.UniqueConstraint(
                fields=["user", "kind", "rhythm", "weekday", "filters"], name="subscription_once", condition=Q(active=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Sending(models.Model):
    """One mail to one reader. `claimed`: being made, nothing has left. `handing`: given to the mail server, outcome open."""

    class Kind(models.TextChoices):
        DIGEST = "digest", _("digest")
        LATE = "late", _("the night is not complete")
        NIGHT = "night", _("a night that failed")
        ALERT = "alert", _("alert")
        ALERTS = "alerts", _("alerts of one night")  # `day` is the day of the data they were seen in

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CLAIMED = "claimed", _("being made")
        HANDING = "handing", _("being handed over")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("not known whether it was sent")
        SKIPPED = "skipped", _("not sent")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="sendings", verbose_name=_("asked for in"))
    day = models.DateField(_("day"))
    change = models.ForeignKey(AlertChange, models.CASCADE, null=True, blank=True, related_name="sendings", verbose_name=_("change"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempt = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    error = models.CharField(_("error"), max_length=80, blank=True)  # its type and the server's code, never its words
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="sending_state_known",
                condition=Q(state__in=["waiting", "claimed", "handing", "sent", "failed", "unknown", "skipped"]),
            ),
            models.CheckConstraint(
                name="sending_of_a_change_is_an_alert",
                condition=Q(kind="alert", change__isnull=False) | Q(~Q(kind="alert"), change__isnull=True),
            ),
            models.UniqueConstraint(fields=["subscription", "kind", "day"], name="sending_once_a_day", condition=Q(change__isnull=True)),
            models.UniqueConstraint(fields=["subscription", "change"], name="sending_once_a_change", condition=Q(change__isnull=False)),
        ]
        indexes = [models.Index(fields=["id"], name="sending_open", condition=Q(state__in=["waiting", "claimed", "handing"]))]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
