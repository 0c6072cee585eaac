"""Small shapes of the API's answers, beside kpi/schema.py: what stands at a figure or on the time axis."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class AimShape(serializers.Serializer[object]):
    """A target beside a figure: where the whole interval lies. Never a colour, and never of a saving that is withheld."""

    state = serializers.ChoiceField(choices=["within", "below", "above", "unclear", "none"])
    floor = serializers.FloatField(allow_null=True)
    ceiling = serializers.FloatField(allow_null=True)
    text = serializers.CharField()
    words = serializers.CharField()


class AssumptionShape(serializers.Serializer[object]):
    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()


class NoteShape(serializers.Serializer[object]):
    day = serializers.DateField()
    last = serializers.DateField(allow_null=True, help_text=_("The last day of something that took longer than a day."))
    kind = serializers.CharField(allow_blank=True)
    where = serializers.CharField(allow_blank=True, help_text=_("The site or team it concerns; empty for all sites."))
    text = serializers.CharField()
