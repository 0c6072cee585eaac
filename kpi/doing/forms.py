"""Forms of what is planned and noted: a scope among the reader's own, whole sentences for what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import may
from kpi.models import Annotation
from kpi.models.organisation import check_no_person
from kpi.plans.texts import NO_NAMES
from kpi.result import Viewer

EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "min": EARLIEST.isoformat(), "max": LATEST.isoformat()}, format="%Y-%m-%d")
    wrong = {"invalid": gettext_lazy("Write a date like 2026-09-30.")}
    return forms.DateField(
        label=label, required=required, widget=widget, input_formats=["%Y-%m-%d"], error_messages=wrong, help_text=help_text
    )


class ScopedForm(forms.Form):
    """`scope` is one of the places this viewer writes about. Texts named in `told` hold no person."""

    scope = forms.ChoiceField(label=gettext_lazy("About"))
    told: tuple[str, ...] = ("text",)

    def __init__(self, data: Any = None, *, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(data, auto_id="id-%s", **kwargs)
        self.viewer = viewer
        field = self.fields["scope"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = may.places(viewer)
        field.error_messages["invalid_choice"] = _("You can write about your own teams and sites alone.")

    @property
    def where(self) -> may.Where:
        return may.parse(self.cleaned_data["scope"])

    def clean(self) -> None:
        for name in self.told:
            try:
                check_no_person(name, str(self.cleaned_data.get(name) or ""))
            except ValidationError as error:
                self.add_error(None, error)


class AnnotationForm(ScopedForm):
    """What happened, when and where."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Annotation.Kind.choices)
    text = forms.CharField(label=gettext_lazy("What happened"), max_length=120, help_text=NO_NAMES)
    day = day_field(gettext_lazy("On"))
    last_day = day_field(gettext_lazy("Until, inclusive"), required=False, help_text=gettext_lazy("Empty: one day."))
    field_order = ("kind", "text", "day", "last_day", "scope")

    def clean(self) -> None:
        super().clean()
        first, last = self.cleaned_data.get("day"), self.cleaned_data.get("last_day")
        if first and not EARLIEST <= first < LATEST:
            self.add_error("day", _("The dates lie too far away."))
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first."))

    def stored_in(self, item: Annotation) -> Annotation:
        """The same row with what the form says."""
        item.kind, item.text = self.cleaned_data["kind"], self.cleaned_data["text"]
        item.day, item.last_day = self.cleaned_data["day"], self.cleaned_data["last_day"]
        item.site_id, item.team_id = self.where.site, self.where.team
        return item


def values_of(item: Annotation) -> dict[str, Any]:
    """A row as the form's own data."""
    return {
        "kind": item.kind,
        "text": item.text,
        "day": item.day.isoformat(),
        "last_day": item.last_day.isoformat() if item.last_day else "",
        "scope": may.where_of(item).key,
    }
