"""What an administrator fills in to open a wave: until when, whom people can turn to, and how many people of which team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models import Site, Team
from wellbeing.pulse import opening
from wellbeing.pulse.opening import MOST_PEOPLE, USUAL, Wish


class DayInput(forms.DateInput):
    input_type = "date"

    def format_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


def usual_end() -> date:
    return timezone.localdate() + timedelta(USUAL)


class OpenForm(forms.Form):
    """One number for each team; empty is a team that is not asked."""

    closes_on = forms.DateField(label=_("Last day"), widget=DayInput, initial=usual_end)
    contact = forms.CharField(
        label=_("Whom people can turn to"),
        max_length=200,
        required=False,
        help_text=_("Shown beside the questions, for instance: occupational health, extension 4711."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = list(opening.may_be_asked())
        for team in self.teams:
            self.fields[_field(team)] = forms.IntegerField(label=team.name, required=False, min_value=1, max_value=MOST_PEOPLE)

    def by_site(self) -> Iterator[tuple[Site, list[forms.BoundField]]]:
        for site, teams in groupby(self.teams, key=lambda team: team.site):
            yield site, [self[_field(team)] for team in teams]

    def wish(self) -> Wish:
        people = {team.pk: number for team in self.teams if (number := self.cleaned_data[_field(team)])}
        return Wish(people, self.cleaned_data["closes_on"], self.cleaned_data["contact"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            for sentence in opening.obstacles(self.wish(), timezone.localdate()):
                self.add_error(None, sentence)
        return cleaned


class ExtendForm(forms.Form):
    closes_on = forms.DateField(label=_("New last day"), widget=DayInput)


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Reason, shown to everybody"), max_length=200)


class MailForm(forms.Form):
    addresses = forms.CharField(label=_("Addresses, one to a line"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 6}))


def _field(team: Team) -> str:
    return f"team_{team.pk}"
