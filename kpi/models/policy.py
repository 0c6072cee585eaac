"""What the AI may do for each intent: dated and signed, one version after the other, none of them ever changed."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.interaction import Interaction
from kpi.models.organisation import Intent

BEGINNING = date(1990, 1, 1)  # in force for whatever may be imported


class IntentPolicy(models.Model):
    """Holds from a day on, until the next version of the intent. Of two versions of one day the one entered last holds."""

    class Policy(models.TextChoices):
        AI_MAY_HANDLE = "ai_may_handle", _("AI may handle")
        AI_MAY_OFFER = "ai_may_offer", _("AI may offer")
        PEOPLE_ONLY = "people_only", _("people only")

    intent = models.ForeignKey(Intent, models.PROTECT, related_name="policies", verbose_name=_("intent"))
    policy = models.CharField(_("AI policy"), max_length=16, choices=Policy)
    valid_from = models.DateField(_("in force from"))
    signed_by = models.CharField(_("signed by"), max_length=120)
    note = models.CharField(_("note"), max_length=255, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("intent policy")
        verbose_name_plural = _("intent policies")
        ordering = ["intent", "valid_from", "pk"]
        indexes = [models.Index(fields=["intent", "valid_from"], name="intent_policy_in_force")]

    def __str__(self) -> str:
        return f"{self.intent}: {self.get_policy_display()}, {self.valid_from}"

    def clean(self) -> None:
        """A verdict that was given stays: no version reaches back over contacts that came before today."""
        today = timezone.localdate()
        if self.valid_from is None or self.intent_id is None or self.valid_from >= today:
            return
        if Interaction.objects.filter(intent=self.intent_id, day__gte=self.valid_from, day__lt=today).exists():
            raise ValidationError(
                {
                    "valid_from": _(
                        "Contacts with this intent were already judged on days from %(day)s on. Let the policy begin today (%(today)s) "
                        "or later: what was a breach yesterday stays one, and what was none stays none."
                    )
                    % {"day": self.valid_from, "today": today}
                }
            )
