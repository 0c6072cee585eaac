"""The form of an action: what, by whom, until when, and how it stands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import may, registry
from kpi.doing.forms import EARLIEST, LATEST, ScopedForm, day_field
from kpi.doing.target_forms import OwnerField, metric_choices, owner_field, owners
from kpi.metric import Family
from kpi.models import Action, Initiative
from kpi.plans.texts import NO_NAMES

FIELDS = ("what", "metric", "initiative", "owner", "starts_on", "due", "state", "done_on", "drop_reason")


def measurable() -> list[Any]:
    """Every figure; of the savings the one that stands in the panel beside its companions."""
    kept = {item.key for item in registry.metrics().values() if item.family is not Family.SAVINGS or item.headline}
    groups = [(label, [pair for pair in found if pair[0] in kept]) for label, found in metric_choices()]
    return [(label, found) for label, found in groups if found]


class ActionForm(ScopedForm):
    """Whole sentences for what does not go together."""

    what = forms.CharField(label=gettext_lazy("What is done"), max_length=255, help_text=NO_NAMES)
    metric = forms.ChoiceField(label=gettext_lazy("For which metric"))
    initiative = forms.ModelChoiceField(queryset=Initiative.objects.none(), label=gettext_lazy("Part of"), required=False)
    owner = owner_field()
    starts_on = day_field(gettext_lazy("Starts on"))
    due = day_field(gettext_lazy("Due"))
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=Action.State.choices)
    done_on = day_field(gettext_lazy("Done on"), required=False, help_text=gettext_lazy("Where it is done."))
    drop_reason = forms.CharField(
        label=gettext_lazy("Why it was dropped"), max_length=255, required=False, help_text=gettext_lazy("Where it was dropped.")
    )
    told = ("what", "drop_reason")
    field_order = ("what", "metric", "scope", "initiative", "owner", "starts_on", "due", "state", "done_on", "drop_reason")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        metric, owner, initiative = self.fields["metric"], self.fields["owner"], self.fields["initiative"]
        assert isinstance(metric, forms.ChoiceField)
        assert isinstance(owner, OwnerField)
        assert isinstance(initiative, forms.ModelChoiceField)
        metric.choices, owner.queryset = measurable(), owners()
        mine = [item.pk for item in Initiative.objects.all() if may.reads(self.viewer, may.where_of(item))]
        initiative.queryset = Initiative.objects.filter(pk__in=mine)
        initiative.error_messages["invalid_choice"] = _("This initiative is not one of yours.")

    def clean(self) -> None:
        super().clean()
        given = self.cleaned_data
        first, due, done, state = (given.get(name) for name in ("starts_on", "due", "done_on", "state"))
        for name, day in (("starts_on", first), ("due", due), ("done_on", done)):
            if day and not EARLIEST <= day < LATEST:
                self.add_error(name, _("The dates lie too far away."))
        if first and due and due < first:
            self.add_error("due", _("It is due before it starts."))
        if state == Action.State.DONE and done is None and "done_on" not in self.errors:
            self.add_error("done_on", _("Say on which day it was done: the weeks after it are compared with those before it."))
        if state != Action.State.DONE and done is not None:
            self.add_error("done_on", _("Only what is done has a day on which it was done."))
        if first and done and done < first:
            self.add_error("done_on", _("It was done before it started."))
        if state == Action.State.DROPPED and not given.get("drop_reason"):
            self.add_error("drop_reason", _("Say why it was dropped."))
        if state != Action.State.DROPPED and given.get("drop_reason"):
            self.add_error("drop_reason", _("Only what was dropped has such a reason."))

    def stored_in(self, item: Action) -> Action:
        for name in FIELDS:
            setattr(item, name, self.cleaned_data[name])
        item.site_id, item.team_id = self.where.site, self.where.team
        item.save()
        return item


def values_of(item: Action) -> dict[str, Any]:
    """A row as the form begins with."""
    return {name: getattr(item, name) for name in FIELDS} | {"scope": may.where_of(item).key}
