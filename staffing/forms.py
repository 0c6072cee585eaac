"""The assumptions of the scenarios in the address: every one can be edited, and a link says all of them.

What is no number is named and left out; what cannot be is refused by the arithmetic itself (staffing/limits.py), in its own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Text
else:
    Text = str

LARGEST = 1e9
POLICY, FOUNDING, EXAMPLE = _("policy"), _("as the founding texts say"), _("an example")


@dataclass(frozen=True)
class Entry:
    """One number: as a percentage where it is a share. `origin` says where the value it starts with comes from."""

    name: str
    label: Text
    start: float | None
    origin: Text | str = ""
    optional: bool = False
    percent: bool = False


share = partial(Entry, percent=True)

TODAY = (
    Entry("contacts", _("Contacts a year"), 100_000),
    share("contained", _("Contacts that need no person today, %"), 0.0),
    Entry("aht", _("Handling time of the others, s"), 300),
    share("occupancy", _("Occupancy, %"), 0.85),
    share("shrinkage", _("Shrinkage, %"), 0.30),
    Entry("paid_hours", _("Paid hours a year per FTE"), 2080),
    Entry("people", _("People today, FTE (empty: as many as needed)"), None, optional=True),
)
COURSE = (
    Entry("years", _("Years, 3 to 5"), 3, POLICY),
    share("growth", _("Growth of contacts a year, %"), 0.0, POLICY),
    share("containment", _("Contacts that need no person in the last year, %"), 0.0),
    share("gain", _("More throughput per hour in the last year, %"), 0.0, POLICY),
    share("attrition", _("People who leave by themselves a year, %"), 0.25, POLICY),
    Entry("contained_ratio", _("Handling time of contained contacts, relative to the average"), 1.0, POLICY),
    share("false", _("Contained contacts that come back on top of today’s, %"), 0.0, POLICY),
    Entry("return_ratio", _("Handling time of those, relative to the average"), 1.0, POLICY),
    Entry("reskilled", _("People who can be reskilled a year, FTE"), 0.0, POLICY),
)
DOUBT = (
    share("d_volume_growth", _("Growth, ± points"), 0.03, POLICY),
    share("d_containment", _("Containment, ± points"), 0.10, POLICY),
    share("d_productivity_gain", _("Throughput, ± points"), 0.05, POLICY),
    share("d_contained_aht_ratio", _("Handling time of contained contacts, ± %"), 0.10, POLICY),
    share("d_false_containment", _("Contacts that come back, ± points"), 0.05, POLICY),
    share("d_return_aht_ratio", _("Their handling time, ± %"), 0.20, POLICY),
    share("d_attrition", _("People who leave, ± points"), 0.05, POLICY),
)
CALCULATOR = (
    Entry("c_contacts", _("Contacts a day"), 10_000, FOUNDING),
    Entry("c_before", _("Handling time before, s"), 300, FOUNDING),
    Entry("c_after", _("Handling time after, s"), 270, FOUNDING),
    Entry("c_hours", _("Hours a day at work"), 8, FOUNDING),
    share("c_occupancy", _("Occupancy, %"), 1.0, FOUNDING),
    share("c_shrinkage", _("Shrinkage, %"), 0.0, FOUNDING),
)
AGENTS = (
    Entry("a_calls", _("Calls in the interval"), 100, EXAMPLE),
    Entry("a_minutes", _("Minutes of the interval"), 30, EXAMPLE),
    Entry("a_aht", _("Handling time, s"), 180, EXAMPLE),
    share("a_level", _("To be answered in time, %"), 0.80, EXAMPLE),
    Entry("a_within", _("In time: within, s"), 20, EXAMPLE),
    share("a_most", _("Occupancy at most, %"), 0.85, POLICY, optional=True),
    share("a_shrinkage", _("Shrinkage, %"), 0.30, EXAMPLE),
    Entry("a_patience", _("Callers hang up after, s on average (empty: never)"), None, optional=True),
)
CLAIM = (
    Entry("k_before", _("FTE before"), 100, FOUNDING),
    Entry("k_after", _("FTE after"), 50, FOUNDING),
    share("k_resolution", _("AI resolves of the simple work, %"), 0.6, FOUNDING),
    share("k_gain", _("More throughput of the others, %"), 0.3, FOUNDING),
    share("k_returned", _("Comes back of what AI resolved, %"), 0.0, FOUNDING),
)
TARGETS = (
    share("t_resolution", _("AI resolution at least, %"), 0.6, FOUNDING, optional=True),
    share("t_simple", _("Of which contacts: given to AI, %"), 1.0, POLICY),
    share("t_returned", _("Comes back, %"), 0.0, POLICY),
    share("t_most", _("Handled by people at most, %"), 0.2, FOUNDING, optional=True),
    share("t_least", _("Handled by people at least, %"), None, optional=True),
    share("t_asked", _("Customers who ask for a person, %"), None, optional=True),
    share("t_reach", _("Of these reached at least, %"), None, optional=True),
    Entry("t_before", _("FTE before"), None, optional=True),
    Entry("t_after", _("FTE planned"), None, optional=True),
    share("t_gain", _("More throughput, %"), 0.0, POLICY),
)
GROUPS = {"today": TODAY, "course": COURSE, "doubt": DOUBT, "calculator": CALCULATOR, "agents": AGENTS, "claim": CLAIM, "targets": TARGETS}
STAY = "no_separations"


@dataclass(frozen=True)
class Start:
    """A value an entry starts with here, and where it comes from."""

    value: float
    origin: str


class ScenarioForm(forms.Form):
    """All groups of one page. `numbers()` always answers: what is not understood keeps the value it started with."""

    def __init__(self, data: Mapping[str, Any], starts: Mapping[str, Start]) -> None:
        entries = {item.name: _started(item, starts.get(item.name)) for group in GROUPS.values() for item in group}
        asked = {name: str(data.get(name, "")).strip() for name in entries}
        sent = is_filled(data)
        shown = {name: asked[name] or ("" if sent and item.optional else _text(item)) for name, item in entries.items()}
        super().__init__({**shown, STAY: data.get(STAY, "")}, auto_id="scenario-%s", label_suffix="")
        self.entries = entries
        for name, item in entries.items():
            self.fields[name] = _field(item)
        self.fields[STAY] = forms.BooleanField(label=_("No separations: surplus stays as relief"), required=False)
        self.is_valid()
        self.problems = [f"{entries[name].label}: {text}" for name, texts in self.errors.items() if name in entries for text in texts]
        self.data = {**shown, **{name: _text(entries[name]) for name in self.errors if name in entries}, STAY: data.get(STAY, "")}

    def numbers(self) -> dict[str, float | None]:
        """Shares as fractions; None where an optional one is empty."""
        return {name: item.start if name in self.errors else self._read(item) for name, item in self.entries.items()}

    def _read(self, item: Entry) -> float | None:
        value = self.cleaned_data.get(item.name)
        return None if value is None else value / 100 if item.percent else float(value)

    @property
    def no_separations(self) -> bool:
        return bool(self.cleaned_data.get(STAY))

    def groups(self) -> dict[str, list[tuple[forms.BoundField, str]]]:
        """Each group's fields with where their first value comes from."""
        return {key: [(self[item.name], str(self.entries[item.name].origin)) for item in group] for key, group in GROUPS.items()}


def is_filled(data: Mapping[str, Any]) -> bool:
    """Whether an address holds numbers of its own."""
    return any(item.name in data for group in GROUPS.values() for item in group)


def _started(item: Entry, start: Start | None) -> Entry:
    if start is None:
        return item if item.origin or item.optional else replace(item, origin=_("an example: not known here"))
    return replace(item, start=start.value, origin=start.origin)


def _text(item: Entry) -> str:
    if item.start is None:
        return ""
    return f"{round(100 * item.start, 1) if item.percent else round(item.start, 2):.10g}"


def _field(item: Entry) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    wrong = {"invalid": _now("this is no number"), "max_value": _now("so large a number is a typing error"), "required": _now("missing")}
    return forms.FloatField(
        label=item.label, required=not item.optional, min_value=-LARGEST, max_value=LARGEST, widget=widget,
        error_messages={**wrong, "min_value": wrong["max_value"]},
    )  # fmt: skip
