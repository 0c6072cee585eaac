"""What an account has beside its password: one device that makes codes, and codes on paper for the day it is lost."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SecondFactor(models.Model):
    """The secret of one person's device, sealed. `proposed` is one that is being set up; the other stays good until then."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="second_factor", verbose_name=_("user"))
    sealed = models.TextField(blank=True, editable=False)  # empty: not in use yet
    proposed = models.TextField(blank=True, editable=False)
    since = models.DateTimeField(_("in use since"), null=True, blank=True, editable=False)
    last_step = models.BigIntegerField(default=0, editable=False)  # the half minute of the last code that was taken: none is taken twice
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    blocked_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")

    def __str__(self) -> str:
        return str(self.user)


class RecoveryCode(models.Model):
    """Good once, in the place of the device. Only its hash is kept."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.factor}: {self.digest[:6]}…"


class FirstPassword(models.Model):
    """The password of this person was chosen by somebody else. Gone once the person has chosen another."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="first_password")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user)
