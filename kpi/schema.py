"""The shape of the API's answers, for OpenAPI. Nothing is rendered with these: kpi/serializers.py does that, a test compares."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from kpi.metric import Family, Status
from kpi.models.published import TOLD
from kpi.schema_asked import PeriodShape, QueryShape, VerdictShape
from kpi.shapes import AimShape, AssumptionShape, NoteShape


class ChangeShape(serializers.Serializer[object]):
    """An arrow only where the change is beyond noise."""

    value = serializers.FloatField(allow_null=True, required=False)
    low = serializers.FloatField(allow_null=True, required=False)
    high = serializers.FloatField(allow_null=True, required=False)
    distinguishable = serializers.BooleanField(required=False)
    direction = serializers.CharField(required=False)
    text = serializers.CharField(allow_blank=True, required=False)
    words = serializers.CharField(allow_blank=True, required=False)
    flags = serializers.ListField(child=serializers.CharField(), required=False, help_text=_("What the words warn of: scale_break."))


class RestatedShape(serializers.Serializer[object]):
    """A published value that turned out differently; null values where earlier figures about people are not repeated."""

    action = serializers.ChoiceField(choices=list(TOLD))
    on = serializers.DateField(help_text=_("The day on which the new value was published."))
    old = serializers.FloatField(allow_null=True)
    new = serializers.FloatField(allow_null=True)
    reason = serializers.CharField()
    text = serializers.CharField()


class FiguresShape(serializers.Serializer[object]):
    """A number with its sample and its doubt; `value` is null unless the status shows it."""

    metric = serializers.CharField()
    status = serializers.ChoiceField(choices=[(item.value, item.value) for item in Status])
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField(allow_null=True)
    text = serializers.CharField(help_text=_("As printed on the page."))


class TeamResultShape(FiguresShape):
    """Empty fields are left out; period and version are those of the column of the same metric."""

    reasons = serializers.ListField(child=serializers.CharField(), required=False)
    interval_text = serializers.CharField(required=False)
    sample_text = serializers.CharField(required=False)
    why = serializers.ListField(child=serializers.CharField(), required=False)
    provisional = serializers.BooleanField(required=False)
    change = ChangeShape(required=False)
    restated = RestatedShape(required=False)
    target = AimShape(required=False)


class ColumnShape(FiguresShape):
    label = serializers.CharField()  # type: ignore[assignment]
    family = serializers.ChoiceField(choices=[(item.value, item.value) for item in Family])
    conf = serializers.FloatField(allow_null=True, help_text="0.95; null where low and high are those of an assumption")
    ci_method = serializers.CharField(allow_blank=True)
    reasons = serializers.ListField(child=serializers.CharField())
    scope = serializers.CharField()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    data_as_of = serializers.DateField()
    definition_version = serializers.IntegerField()
    parts = serializers.DictField(child=serializers.FloatField(allow_null=True))
    age_days = serializers.IntegerField(allow_null=True)
    unit_text = serializers.CharField(allow_blank=True)
    interval_text = serializers.CharField(allow_blank=True)
    margin_text = serializers.CharField(allow_blank=True)
    sample_text = serializers.CharField(allow_blank=True)
    why = serializers.ListField(child=serializers.CharField())
    unlock = serializers.CharField(allow_blank=True)
    provisional = serializers.BooleanField(help_text=_("What belongs to its last days can still arrive."))
    change = ChangeShape()
    notes = serializers.ListField(child=serializers.CharField())
    restated = RestatedShape(allow_null=True)
    target = AimShape(allow_null=True)
    assumptions = AssumptionShape(many=True, help_text=_("What a capacity figure stands on; empty where no value is shown."))


class TeamShape(serializers.Serializer[object]):
    team = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    site = serializers.CharField(allow_blank=True)
    results = TeamResultShape(many=True, help_text=_("Customers, wellbeing, resolution, savings."))


class SignalShape(serializers.Serializer[object]):
    index = serializers.IntegerField(help_text=_("Of the period in `periods`, from 0."))
    rules = serializers.ListField(child=serializers.ChoiceField(choices=["r1", "r2", "r3"]))
    text = serializers.CharField()


class ControlShape(serializers.Serializer[object]):
    """A control chart; limits are null at points that are no part of it, and empty where there is no chart."""

    chart = serializers.ChoiceField(choices=["xmr", "p", "laney", "none"])
    text = serializers.CharField(allow_blank=True)
    centre = serializers.FloatField(allow_null=True)
    lower = serializers.ListField(child=serializers.FloatField(allow_null=True))
    upper = serializers.ListField(child=serializers.FloatField(allow_null=True))
    signals = SignalShape(many=True)


class SeriesShape(serializers.Serializer[object]):
    """Lists of the length of `periods`."""

    metric = serializers.CharField()
    definition_version = serializers.IntegerField()
    status = serializers.ListField(child=serializers.CharField())
    value = serializers.ListField(child=serializers.FloatField(allow_null=True))
    low = serializers.ListField(child=serializers.FloatField(allow_null=True))
    high = serializers.ListField(child=serializers.FloatField(allow_null=True))
    n = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    text = serializers.ListField(child=serializers.CharField(allow_blank=True))
    reasons = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    provisional = serializers.ListField(child=serializers.BooleanField())
    restated = serializers.ListField(child=RestatedShape(allow_null=True), required=False, help_text=_("Left out where none was."))
    control = ControlShape(required=False)


class TrendShape(serializers.Serializer[object]):
    periods = PeriodShape(many=True)
    series = SeriesShape(many=True)


class StepShape(serializers.Serializer[object]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.FloatField()
    total = serializers.BooleanField()
    text = serializers.CharField()
    sample = serializers.CharField(allow_blank=True)


class WeeksShape(serializers.Serializer[object]):
    start = serializers.ListField(child=serializers.DateField())
    contacts = serializers.ListField(child=serializers.IntegerField(allow_null=True))


class GrowthShape(serializers.Serializer[object]):
    phase = serializers.CharField()
    per_quarter = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    since = serializers.DateField(allow_null=True)
    turn = serializers.DateField(allow_null=True)
    text = serializers.CharField(allow_blank=True)
    n = serializers.IntegerField()
    weeks = WeeksShape()


class FreshnessShape(serializers.Serializer[object]):
    data_to = serializers.DateField(allow_null=True)
    loaded_at = serializers.DateTimeField(allow_null=True)
    accepted_share = serializers.FloatField(allow_null=True)
    text = serializers.CharField(allow_blank=True)
    warnings = serializers.ListField(child=serializers.CharField())


class MovedShape(serializers.Serializer[object]):
    """A change beyond noise, of the whole scope or of a team; never of a saving."""

    team = serializers.IntegerField(allow_null=True)
    where = serializers.CharField(allow_blank=True)
    metric = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    family = serializers.CharField()
    text = serializers.CharField()
    interval_text = serializers.CharField()
    sample_text = serializers.CharField(allow_blank=True)
    change = ChangeShape()


class PanelShape(serializers.Serializer[object]):
    """All four families side by side for one scope and period."""

    title = serializers.CharField()
    query = QueryShape()
    period_text = serializers.CharField(allow_blank=True)
    comparison_text = serializers.CharField(allow_blank=True)
    people_text = serializers.CharField(allow_blank=True)
    policy_text = serializers.CharField(allow_blank=True)
    weeks_text = serializers.CharField(allow_blank=True)
    verdict = VerdictShape()
    columns = ColumnShape(many=True)
    changed = MovedShape(many=True)
    teams = TeamShape(many=True)
    trend = TrendShape()
    steps = StepShape(many=True)
    steps_text = serializers.CharField(allow_blank=True)
    growth = GrowthShape()
    annotations = NoteShape(many=True)
    freshness = FreshnessShape()


class SectionShape(serializers.Serializer[object]):
    title = serializers.CharField(allow_blank=True)
    figures = ColumnShape(many=True)


class LineShape(serializers.Serializer[object]):
    label = serializers.CharField()  # type: ignore[assignment]
    figures = TeamResultShape(many=True)


class BreakdownShape(serializers.Serializer[object]):
    title = serializers.CharField()
    lines = LineShape(many=True)


class RegisterShape(serializers.Serializer[object]):
    """What the figures are judged by, in words."""

    title = serializers.CharField()
    head = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class SheetShape(serializers.Serializer[object]):
    """A page beside the overview, with the panel its figures stand beside."""

    key = serializers.CharField()
    title = serializers.CharField()
    question = serializers.CharField()
    currency = serializers.CharField(help_text=_("Of every sum of money on the page: a code of ISO 4217."))
    answer = VerdictShape()
    panel = PanelShape()
    sections = SectionShape(many=True)
    breakdowns = BreakdownShape(many=True)
    registers = RegisterShape(many=True)


class CaseShape(serializers.Serializer[object]):
    """One contact, by the id of its own system; the customer is a pseudonym."""

    closed_on = serializers.DateField()
    customer = serializers.CharField()
    intent = serializers.CharField()
    channel = serializers.CharField()
    queue = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    contact = serializers.CharField()
    why = serializers.CharField()


class CaseListShape(serializers.Serializer[object]):
    """A list of contacts; `metric` is the figure that counts them."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    question = serializers.CharField()
    words = serializers.CharField()
    metric = serializers.CharField()
    period = PeriodShape()
    period_text = serializers.CharField()
    cases = CaseShape(many=True)


class ErrorShape(serializers.Serializer[object]):
    code = serializers.CharField()
    message = serializers.CharField()
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # type: ignore[assignment]


class ErrorAnswer(serializers.Serializer[object]):
    """The one form of every error."""

    error = ErrorShape()
