"""The built-in survey while it runs: who is asked, codes not used yet, answers under seal (docs/decisions/0013-pulse-codes.md).

Nothing here holds a moment finer than a day, an address, a person or a link from a code to an answer. Codes and answers are rows
with random keys; both go when the wave closes, and the key that could read them goes with them.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpi.models import ImportRun, Team
from wellbeing.models.answers import Wave


class Pulse(models.Model):
    """One wave that is asked here. open → closing → closed, never back."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSING = "closing", _("closing")
        CLOSED = "closed", _("closed")

    class Outcome(models.TextChoices):
        UNKNOWN = "", _("not known yet")
        NOBODY = "nobody", _("nobody answered")
        FEW = "few", _("too few answered")
        ENOUGH = "enough", _("answers are in")

    wave = models.OneToOneField(Wave, models.PROTECT, related_name="pulse")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.UNKNOWN, blank=True)
    planned_until = models.DateField()  # as it was opened; the wave says what holds
    contact = models.CharField(max_length=200, blank=True)  # whom people can turn to, shown to them
    closed_early = models.CharField(max_length=200, blank=True)  # the reason
    key_name = models.CharField(max_length=32, unique=True)  # of the file that holds the key
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-wave__opened_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(state__in=["open", "closing", "closed"]), name="pulse_state_known")]

    def __str__(self) -> str:
        return str(self.wave)


class Asked(models.Model):
    """A team that is asked. `at_least` is the response that may be told, in steps; nobody is told a number."""

    class Handed(models.TextChoices):
        NOT_YET = "", _("not yet")
        PRINT = "print", _("printed")
        LINKS = "links", _("list of links")
        MAIL = "mail", _("mail")

    pulse = models.ForeignKey(Pulse, models.CASCADE, related_name="asked")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    people = models.PositiveSmallIntegerField()
    handed = models.CharField(max_length=8, choices=Handed, default=Handed.NOT_YET, blank=True)
    handed_on = models.DateField(null=True)
    at_least = models.PositiveSmallIntegerField(null=True)  # per cent
    looked_on = models.DateField(null=True)

    class Meta:
        ordering = ["team__site__name", "team__name"]
        constraints = [models.UniqueConstraint(fields=["pulse", "team"], name="pulse_team_once")]

    def __str__(self) -> str:
        return f"{self.pulse}: {self.team}"


class PulseCode(models.Model):
    """A code nobody has used yet, as a keyed hash. Using it deletes the row: what is gone was used, or cancelled, or never was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked = models.ForeignKey(Asked, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return "a code"


class SealedAnswer(models.Model):
    """One person's answers until the wave closes: as many bytes for everybody, readable only with the key of the wave."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked = models.ForeignKey(Asked, models.CASCADE, related_name="answers")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "an answer"


class Parcel(models.Model):
    """All answers of a closed wave in random order, as the file that is imported; it goes when the import is done."""

    pulse = models.OneToOneField(Pulse, models.CASCADE, primary_key=True, related_name="parcel")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.pulse}: parcel"
