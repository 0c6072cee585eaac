"""The timetable: when the night begins, and when the file of each source is expected or fetched."""

from __future__ import annotations

from typing import Any

from auditlog.registry import auditlog
from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi import words
from kpi.admin.base import AnyForm, ChoosesZone, StewardMay
from kpi.models import Subscription, TimetableEntry

DAYS = [(str(number), label) for number, label in Subscription.Weekday.choices]


class EntryForm(AnyForm):
    weekdays = forms.MultipleChoiceField(
        label=_("weekdays"), choices=DAYS, widget=forms.CheckboxSelectMultiple, initial=[number for number, _label in DAYS]
    )

    class Meta:
        model = TimetableEntry
        fields = ("source", "at", "zone", "weekdays", "grace_minutes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["weekdays"] = list(self.instance.weekdays)

    def clean_weekdays(self) -> str:
        return "".join(sorted(self.cleaned_data["weekdays"]))


@admin.register(TimetableEntry)
class TimetableEntryAdmin(StewardMay, ChoosesZone):
    """One entry without a source is the night's; without it the night begins at 02:30 UTC."""

    form = EntryForm
    list_display = ("what", "at", "zone", "days", "grace_minutes", "next_time")
    list_select_related = ("source",)
    list_filter = ("source",)

    @admin.display(description=_("what"), ordering="source")
    def what(self, entry: TimetableEntry) -> str:
        if entry.source is None:
            return gettext("the night begins")
        return gettext("%(source)s is expected") % {"source": entry.source}

    @admin.display(description=_("weekdays"))
    def days(self, entry: TimetableEntry) -> str:
        chosen = set(entry.weekdays)
        return gettext("every day") if len(chosen) == len(DAYS) else ", ".join(str(label) for number, label in DAYS if number in chosen)

    @admin.display(description=_("next time (UTC)"))
    def next_time(self, entry: TimetableEntry) -> str:
        found = entry.slot.next(timezone.now())
        return words.moment(found) if found else "–"


auditlog.register(TimetableEntry)
