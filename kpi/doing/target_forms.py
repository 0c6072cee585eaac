"""The form of a target: bounds as people type them, an owner, a reason, and the floors a saving never comes without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unicodedata import combining, normalize

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import registry, words
from kpi.aims import FLOORS, typed
from kpi.doing.forms import EARLIEST, LATEST, ScopedForm, day_field
from kpi.doing.frame import name_of
from kpi.metric import Family, Metric, Unit
from kpi.models import Membership, Target
from kpi.plans.targets import Range, problems
from kpi.plans.texts import NO_NAMES

FAMILIES = {
    Family.CUSTOMER: gettext_lazy("Customers"),
    Family.WELLBEING: gettext_lazy("People"),
    Family.RESOLUTION: gettext_lazy("Resolution"),
    Family.SAVINGS: gettext_lazy("Savings"),
}
OWNERS = (Membership.Role.EXECUTIVE, Membership.Role.MANAGER)


def metric_choices() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The four of the panel first, then every further figure by family in the order of the alphabet; with the unit its bounds are typed
    in."""
    every = registry.metrics().values()
    four = {item.family: item for item in every if item.headline}
    yield _("The four measures"), [(four[family].key, _with_unit(four[family])) for family in FAMILIES if family in four]
    for family, label in FAMILIES.items():
        found = [(item.key, _with_unit(item)) for item in every if item.family is family and not item.headline]
        yield str(label), sorted(found, key=lambda pair: _alphabetical(pair[1]))


def _alphabetical(text: str) -> str:
    """An umlaut stands with its vowel."""
    return "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))


def _with_unit(metric: Metric) -> str:
    unit = words.unit_word(metric.unit)
    return f"{metric.label} ({unit})" if unit else str(metric.label)


class OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Whoever may answer for something: by name."""

    def label_from_instance(self, obj: Any) -> str:
        return name_of(obj)


def owners() -> Any:
    return get_user_model().objects.filter(is_active=True, membership__role__in=OWNERS).order_by("username")


def owner_field() -> OwnerField:
    said = {"invalid_choice": gettext_lazy("An owner is an executive or a manager who uses this site.")}
    return OwnerField(queryset=User.objects.none(), label=gettext_lazy("Owner"), error_messages=said)


class TargetForm(ScopedForm):
    """One more version. Bounds are typed in the unit that stands at the metric: percent for shares."""

    metric = forms.ChoiceField(label=gettext_lazy("Metric"))
    floor = forms.FloatField(label=gettext_lazy("Floor"), required=False, help_text=gettext_lazy("At least. In the unit of the metric."))
    ceiling = forms.FloatField(label=gettext_lazy("Ceiling"), required=False, help_text=gettext_lazy("At most."))
    csat_floor = forms.FloatField(label=gettext_lazy("CSAT at least (%)"), required=False, help_text=gettext_lazy("Only beside a saving."))
    awi_floor = forms.FloatField(
        label=gettext_lazy("Wellbeing at least (/ 100)"), required=False, help_text=gettext_lazy("Only beside a saving.")
    )
    rq_floor = forms.FloatField(
        label=gettext_lazy("Resolution quality at least (/ 100)"), required=False, help_text=gettext_lazy("Only beside a saving.")
    )
    valid_from = day_field(gettext_lazy("In force from"))
    owner = owner_field()
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=255, help_text=NO_NAMES)
    ended = forms.BooleanField(label=gettext_lazy("No target any more from that day on"), required=False)
    told = ("reason",)
    field_order = ("metric", "scope", "floor", "ceiling", "csat_floor", "awi_floor", "rq_floor", "valid_from", "owner", "reason", "ended")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        metric, owner = self.fields["metric"], self.fields["owner"]
        assert isinstance(metric, forms.ChoiceField)
        assert isinstance(owner, OwnerField)
        metric.choices = list(metric_choices())
        owner.queryset = owners()

    def clean(self) -> None:
        super().clean()
        day, metric = self.cleaned_data.get("valid_from"), registry.metrics().get(self.cleaned_data.get("metric", ""))
        if day and not EARLIEST <= day < LATEST:
            self.add_error("valid_from", _("The dates lie too far away."))
        if metric is None or set(self.errors) & {"floor", "ceiling", *FLOORS.values()}:
            return
        self.kept = self._kept(metric)
        if self.cleaned_data.get("ended"):
            if any(value is not None for value in self.kept.values()):
                self.add_error("ended", _("A target that is lifted has no floor and no ceiling: leave them empty."))
            return
        aim, floors = Range(self.kept["floor"], self.kept["ceiling"]), {key: self.kept[name] for key, name in FLOORS.items()}
        for name, sentence in problems(metric.family, metric.unit, metric.better, aim, floors).items():
            self.add_error(name or None, sentence)
        for name in ("csat_floor", "awi_floor", "rq_floor"):
            top = 1.0 if name == "csat_floor" else 100.0
            if (value := self.kept[name]) is not None and not 0 <= value <= top:
                self.add_error(name, _("This metric lies between 0 and 100."))

    def _kept(self, metric: Metric) -> dict[str, float | None]:
        """What was typed, in the units it is kept in."""
        units = {"floor": metric.unit, "ceiling": metric.unit, "csat_floor": Unit.SHARE, "awi_floor": Unit.INDEX, "rq_floor": Unit.INDEX}
        return {name: typed(self.cleaned_data.get(name), unit) for name, unit in units.items()}

    def signed(self, user: User) -> Target:
        """Stored as a further version, in the name of who signs."""
        said = {name: self.cleaned_data[name] for name in ("metric", "valid_from", "owner", "reason", "ended")}
        saving = registry.metrics()[said["metric"]].family is Family.SAVINGS
        return Target.objects.create(site_id=self.where.site, team_id=self.where.team, signed_by=user, saving=saving, **said, **self.kept)
