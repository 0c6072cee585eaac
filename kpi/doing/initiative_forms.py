"""Forms of an initiative: what changes and what it may cost, frozen as it is sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.doing.forms import EARLIEST, LATEST, ScopedForm, day_field
from kpi.models import Initiative, Limits
from kpi.models.organisation import check_no_person
from kpi.plans.limits import FEWEST_WEEKS, MOST_WEEKS, first_after, problems
from kpi.plans.texts import NO_NAMES

MARGINS = ("csat", "awi", "rq")
PERCENT = 100.0  # a limit of CSAT is typed in points of percent


class LimitFields(forms.Form):
    """How far each companion may fall, and over which weeks."""

    csat = forms.FloatField(label=gettext_lazy("CSAT may fall by (pt)"), initial=2, min_value=0)
    awi = forms.FloatField(label=gettext_lazy("Wellbeing may fall by (points)"), initial=3, min_value=0)
    rq = forms.FloatField(label=gettext_lazy("Resolution quality may fall by (points)"), initial=3, min_value=0)
    after_start = day_field(
        gettext_lazy("After-window begins"),
        help_text=gettext_lazy("A Monday to come, after the week of the start: limits are frozen before data arrive."),
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("Weeks of each window"), initial=8, min_value=FEWEST_WEEKS, max_value=MOST_WEEKS,
        help_text=gettext_lazy("As many before the week of the start."),
    )  # fmt: skip

    def margins(self) -> dict[str, float]:
        given = self.cleaned_data
        return {"csat": given["csat"] / PERCENT, "awi": given["awi"], "rq": given["rq"]}

    def check_limits(self, starts_on: date | None) -> None:
        """Adds what is wrong with them as sentences."""
        given = self.cleaned_data
        if starts_on is None or any(given.get(name) is None for name in (*MARGINS, "after_start", "weeks")):
            return
        if not all(EARLIEST <= day < LATEST - timedelta(weeks=60) for day in (starts_on, given["after_start"])):
            self.add_error("after_start", _("The dates lie too far away."))
            return
        for name, sentence in problems(starts_on, given["after_start"], given["weeks"], timezone.localdate(), self.margins()).items():
            self.add_error(name, sentence)

    def frozen(self, initiative: Initiative, user: User, now: datetime) -> Limits:
        """Stored as they are, for good."""
        return Limits.objects.create(
            initiative=initiative,
            after_start=self.cleaned_data["after_start"],
            weeks=self.cleaned_data["weeks"],
            frozen_on=timezone.localdate(now),
            frozen_at=now,
            frozen_by=user,
            **self.margins(),
        )


class InitiativeForm(LimitFields, ScopedForm):
    """A change with its limits."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, help_text=NO_NAMES)
    what = forms.CharField(label=gettext_lazy("What changes"), max_length=255)
    starts_on = day_field(gettext_lazy("Starts on"))
    expected_fte = forms.FloatField(
        label=gettext_lazy("Saving expected (FTE)"), required=False, help_text=gettext_lazy("It is told beside its three limits alone.")
    )
    told = ("title", "what")
    field_order = ("title", "what", "scope", "starts_on", "after_start", "weeks", "csat", "awi", "rq", "expected_fte")

    def clean(self) -> None:
        super().clean()
        self.check_limits(self.cleaned_data.get("starts_on"))

    @transaction.atomic
    def stored(self, user: User) -> Initiative:
        """The initiative with its first limits, frozen now."""
        said = {name: self.cleaned_data[name] for name in ("title", "what", "starts_on", "expected_fte")}
        made = Initiative.objects.create(site_id=self.where.site, team_id=self.where.team, entered_by=user, **said)
        self.frozen(made, user, timezone.now())
        return made


class FurtherLimitsForm(LimitFields):
    """New limits after the old ones were closed; for an initiative that is there."""

    def __init__(self, data: Any = None, *, initiative: Initiative, **kwargs: Any) -> None:
        today = timezone.localdate()
        earliest = max(first_after(initiative.starts_on), first_after(today))
        super().__init__(data, auto_id="id-%s", initial={"after_start": earliest} | kwargs.pop("initial", {}), **kwargs)
        self.initiative = initiative

    def clean(self) -> None:
        super().clean()
        self.check_limits(self.initiative.starts_on)


class ReasonForm(forms.Form):
    """Why something is closed."""

    reason = forms.CharField(label=gettext_lazy("Why they are closed"), max_length=255, help_text=NO_NAMES)

    def clean_reason(self) -> str:
        reason = str(self.cleaned_data["reason"])
        try:
            check_no_person("reason", reason)
        except ValidationError as error:
            raise ValidationError(error.messages) from None
        return reason
