"""The question in the address: period, comparison and filters, read strictly; what is not understood is named, not guessed.

A link always opens: a value that cannot be used is left out and a sentence says so. The API may refuse with the same sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi import rights, words
from kpi.comparable import a_year_earlier, preceding
from kpi.metric import Period
from kpi.occasions import occasions
from kpi.panel import data_as_of, data_from
from kpi.periods import WEEKS, complete_weeks, last_months, last_weeks, month, offered
from kpi.result import Panel, Query, Scope, Viewer
from kpi.slices import tier_names
from kpi.ways import Chip, Crumb
from kpi.widgets import Choose, Day

DEFAULT_PERIOD = "13w"
CUSTOM = "custom"
LONGEST_DAYS = 3 * 366
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)
FILTERS = {
    "site": (gettext_lazy("Site"), gettext_lazy("all sites")),
    "team": (gettext_lazy("Team"), gettext_lazy("all teams")),
    "queue": (gettext_lazy("Queue"), gettext_lazy("all queues")),
    "channel": (gettext_lazy("Channel"), gettext_lazy("all channels")),
    "intent": (gettext_lazy("Intent"), gettext_lazy("all intents")),
    "tier": (gettext_lazy("Tier"), gettext_lazy("all tiers")),
}
IDS = ("site", "team", "queue", "channel", "intent")
NAMES = ("period", "compare", "from", "to", *FILTERS)
# The same sentence whether a thing does not exist or is not this reader's to see.
UNKNOWN = {
    "period": gettext_lazy("This period is not understood."),
    "compare": gettext_lazy("This comparison is not understood."),
    "site": gettext_lazy("This site is not one of yours."),
    "team": gettext_lazy("This team is not one of yours."),
    "queue": gettext_lazy("This queue is not one of yours."),
    "channel": gettext_lazy("This channel is not one of yours."),
    "intent": gettext_lazy("No contact of this intent is known."),
    "tier": gettext_lazy("No customer of this tier is known."),
}
CUTS = ("intent", "tier")
# What nothing is kept for is said, never guessed (docs/decisions/0007).
UNCUT = gettext_lazy("Figures by intent and by tier are kept for whole sites: they cannot be narrowed to a team, queue or channel as well.")
ONE_CUT = gettext_lazy("Figures are kept by intent and by tier, not by both at once.")
# What a page does then. The API refuses instead.
USUAL_PERIOD, LEFT_OUT = gettext_lazy("The last 13 complete weeks are shown."), gettext_lazy("The filter was left out.")
INSTEAD = {
    **dict.fromkeys(("period", "from", "to"), USUAL_PERIOD),
    "compare": gettext_lazy("The same weeks a year earlier are used."),
    **dict.fromkeys(FILTERS, LEFT_OUT),
}
COMPARISONS = (
    ("year", gettext_lazy("same weeks last year")),
    ("previous", gettext_lazy("previous period")),
    ("none", gettext_lazy("no comparison")),
)
MONTH = re.compile(r"(?a:(\d{4})-(0[1-9]|1[0-2]))")


def comparison_of(period: Period, key: str) -> Period | None:
    """The other period: the same ISO weeks a year earlier, or whole weeks before; each weekday occurs as often (metrics.md G1)."""
    return {"year": a_year_earlier, "previous": preceding}[key](period) if key in ("year", "previous") else None


def month_key(period: Period) -> str:
    return f"{period.start:%Y-%m}"


def _month_label(period: Period) -> str:
    return date_format(period.start, "F Y")


class PanelForm(forms.Form):
    """The filter bar. `query()` always answers, with what was understood; `problems` says what was left out."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False, widget=Choose)
    compare = forms.ChoiceField(label=gettext_lazy("Compared with"), choices=COMPARISONS, required=False, widget=Choose)

    def __init__(self, data: Mapping[str, Any], *, viewer: Viewer, as_of: date | None = None, contacts: bool = False) -> None:
        """`contacts`: for a list of contacts, which may be cut in every way."""
        super().__init__({name: data.get(name, "") for name in NAMES}, auto_id="filter-%s")
        self.as_of, self.contacts = as_of or data_as_of() or timezone.localdate(), contacts
        choices = rights.choices(viewer)
        for name, text in (("from", _("From")), ("to", _("To, inclusive"))):
            self.fields[name] = _day_field(text)
        tiers = tuple((key, name) for key, name in tier_names().items() if key in choices.tiers)
        members: tuple[Sequence[tuple[int | str, str]], ...] = (
            choices.sites,
            choices.teams,
            choices.queues,
            choices.channels,
            choices.intents,
            tiers,
        )
        for name, found in zip(FILTERS, members, strict=True):
            self.fields[name] = _filter_field(name, found)
        self.occasions = {item.key: item for item in occasions(viewer)}
        _choice(self.fields["period"]).choices = self._periods()
        _choice(self.fields["compare"]).choices = self._comparisons()
        for name, sentence in UNKNOWN.items():
            self.fields[name].error_messages["invalid_choice"] = sentence
        self._read()

    def _comparisons(self) -> list[Any]:
        events = [(key, item.label) for key, item in self.occasions.items()]
        return [*COMPARISONS, *([(_("Before and after"), events)] if events else [])]

    def _periods(self) -> list[Any]:
        weeks = [(key, _("Last %(weeks)d complete weeks") % {"weeks": WEEKS[key]}) for key in WEEKS]
        days = [("7d", _("Last 7 complete days")), ("mtd", _("Month to date")), ("qtd", _("Quarter to date")), ("ytd", _("Year to date"))]
        months = {month_key(item): _month_label(item) for item in last_months(self.as_of)}
        if asked := _asked_month(str(self.data.get("period", ""))):
            months.setdefault(month_key(asked), _month_label(asked))
        return [*weeks, *days, (CUSTOM, _("Custom dates")), (_("Calendar month"), list(months.items()))]

    def clean(self) -> None:
        """Custom dates are judged together, and so are filters that nothing is kept for."""
        self._clean_dates()
        if self.contacts:
            return
        chosen = [name for name in CUTS if self.cleaned_data.get(name)]
        if chosen and any(self.cleaned_data.get(name) for name in ("team", "queue", "channel")):
            for name in chosen:
                self.add_error(name, UNCUT)
        elif len(chosen) > 1:
            self.add_error("tier", ONE_CUT)

    def _clean_dates(self) -> None:
        if not self._is_custom() or "from" in self.errors or "to" in self.errors:
            return
        if problem := _dates_problem(self.cleaned_data.get("from"), self.cleaned_data.get("to")):
            self.add_error("to", problem)

    def _is_custom(self) -> bool:
        key = self.cleaned_data.get("period")
        return key == CUSTOM or (key == "" and bool(self.data.get("from")))

    def _read(self) -> None:
        """What is understood becomes the question, and what the form shows."""
        self.is_valid()
        self.problems = [f"{text} {INSTEAD[name]}" for name, texts in self.errors.items() for text in texts]
        key, period = self._period()
        compare = self.cleaned_data.get("compare") or "year"
        ids = {name: int(value) if (value := self.cleaned_data.get(name)) else None for name in IDS}
        teams, tier = frozenset() if ids["team"] is None else frozenset({ids["team"]}), self.cleaned_data.get("tier") or ""
        scope = Scope(ids["site"], teams, ids["queue"], ids["channel"], ids["intent"], tier)
        self.notes: list[str] = []
        if (scope.teams or scope.filtered or scope.sliced) and key != CUSTOM:
            period = self._in_whole_weeks(period)
        earlier = comparison_of(period, compare)
        if compare in self.occasions:
            compare, earlier, period = self._around(compare, key, period)
        self._query = Query(period, scope, earlier, compare, key)
        self.applied = {"period": key, "compare": compare, **{name: str(value or "") for name, value in ids.items()}, "tier": tier}
        if key == CUSTOM:
            self.applied |= {"from": period.start.isoformat(), "to": (period.end - timedelta(days=1)).isoformat()}
        self.data = {name: self.applied.get(name, "") for name in NAMES}

    def _in_whole_weeks(self, period: Period) -> Period:
        """C7, said beside the title where it changes the days."""
        found = complete_weeks(period, self.as_of)
        if found != period:
            text = _("With a team, queue, channel, intent or tier chosen, whole weeks are read: %(weeks)s.")
            self.notes.append(text % {"weeks": words.span(found)})
        return found

    def _around(self, compare: str, key: str, period: Period) -> tuple[str, Period | None, Period]:
        """Before and after an event: its own equal weeks stand in for the chosen period."""
        item = self.occasions[compare]
        sides = item.sides(self.as_of, first=data_from(), most=WEEKS.get(key, WEEKS[DEFAULT_PERIOD]))
        if sides is None:
            sentence = _("There is no complete week before and after “%(event)s” yet.") % {"event": item.label}
            self.problems.append(f"{sentence} {INSTEAD['compare']}")
            return "year", comparison_of(period, "year"), period
        weeks = sides[0].days // 7
        text = _("%(weeks)d weeks after “%(event)s” beside %(weeks)d weeks before; the weeks in which it happened belong to neither.")
        self.notes.append(text % {"weeks": weeks, "event": item.label})
        return compare, *sides

    def query(self) -> Query:
        return self._query

    def _period(self) -> tuple[str, Period]:
        key = self.cleaned_data.get("period", "")
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if self._is_custom() and first and last:
            return CUSTOM, Period(first, last + timedelta(days=1))
        if asked := _asked_month(key):
            return key, asked
        found = offered(self.as_of, key)
        return (key, found) if found else (DEFAULT_PERIOD, last_weeks(self.as_of, WEEKS[DEFAULT_PERIOD]))

    def chips(self, *only: str) -> Sequence[Chip]:
        """Filters that narrow the page, each with the address that lifts it."""
        found = []
        for name, (label, _everything) in FILTERS.items():
            if (value := self.applied[name]) and name in (only or FILTERS):
                text = str(dict(_flat(self.fields[name]))[value])
                found.append(Chip(str(label), text, self.address(**{name: ""})))
        return found

    def states(self) -> Sequence[tuple[str, str]]:
        """Every filter and what it stands on."""
        return [(str(label), str(dict(_flat(self.fields[name]))[self.applied[name]])) for name, (label, _everything) in FILTERS.items()]

    def leads_to(self, name: str, value: str) -> str:
        """The same question about one part of it, one step down; empty where this reader has no such choice, or it is where one is."""
        if name not in FILTERS or value in ("", self.applied[name]) or value not in dict(_flat(self.fields[name])):
            return ""
        return self.address(**{name: value})

    def path(self) -> Sequence[Crumb]:
        """From the whole down to where one is: each step lifts what lies below it."""
        steps = [(name, label, text) for name, (label, text) in zip(FILTERS, self.states(), strict=True) if self.applied[name]]
        lifted = dict.fromkeys(FILTERS, "")
        found = [Crumb(_("All sites"), self.address(**lifted))]
        for name, label, text in steps:
            del lifted[name]
            found.append(Crumb(f"{label}: {text}", self.address(**lifted)))
        return found

    def parts_of(self, kind: str, shown: Panel) -> list[Scope]:
        """The sites or teams of the question, each as a scope of its own; none where it is cut by anything else."""
        scope = self._query.scope
        if kind not in ("site", "team") or scope.teams or scope.filtered or scope.sliced:
            return []
        if kind == "team":
            return [Scope(teams=frozenset({row.team})) for row in sorted(shown.teams, key=lambda row: row.label)]
        sites = [int(value) for value, _text in _flat(self.fields["site"]) if value]
        return [Scope(site=site) for site in sites if scope.site in (None, site)]

    def longer(self) -> str:
        """The same question over a year."""
        return self.address(period="52w", **{"from": "", "to": ""})

    def address(self, **changes: str) -> str:
        """The same question with some parts changed, as the end of an address."""
        return "?" + urlencode({name: value for name, value in (self.applied | changes).items() if value})


def _choice(field: forms.Field) -> forms.ChoiceField:
    assert isinstance(field, forms.ChoiceField)
    return field


def _flat(field: forms.Field) -> list[tuple[str, Any]]:
    return [(str(value), text) for value, text in _choice(field).choices]  # type: ignore[union-attr,misc]


def _filter_field(name: str, members: Sequence[tuple[int | str, str]]) -> forms.ChoiceField:
    label, everything = FILTERS[name]
    return forms.ChoiceField(
        label=label, choices=[("", everything), *((str(pk), text) for pk, text in members)], required=False, widget=Choose
    )


def _day_field(label: str) -> forms.DateField:
    widget = Day(attrs={"type": "date", "min": EARLIEST.isoformat(), "max": LATEST.isoformat()}, format="%Y-%m-%d")
    wrong = {"invalid": gettext_lazy("“%s” is not a date like 2026-09-30.") % label}
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"], error_messages=wrong)


def _asked_month(text: str) -> Period | None:
    found = MONTH.fullmatch(text)
    if found is None or not EARLIEST.year <= int(found[1]) < LATEST.year:
        return None
    return month(int(found[1]), int(found[2]))


def _dates_problem(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return _("Custom dates need a first and a last day.")
    if last < first:
        return _("The last day lies before the first.")
    if first < EARLIEST or last >= LATEST:
        return _("The dates lie too far away.")
    if (last - first).days >= LONGEST_DAYS:
        return _("A period can be three years long at most.")
    return ""
