"""The shape of what was asked and of the answer in words, for OpenAPI."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class PeriodShape(serializers.Serializer[object]):
    start = serializers.DateField()
    end = serializers.DateField(help_text=_("The first day after the period."))


class ScopeShape(serializers.Serializer[object]):
    site = serializers.IntegerField(allow_null=True)
    teams = serializers.ListField(child=serializers.IntegerField())
    queue = serializers.IntegerField(allow_null=True)
    channel = serializers.IntegerField(allow_null=True)
    intent = serializers.IntegerField(allow_null=True)
    tier = serializers.CharField(allow_blank=True)


class QueryShape(serializers.Serializer[object]):
    period = PeriodShape()
    period_key = serializers.CharField(allow_blank=True)
    comparison = PeriodShape(allow_null=True)
    comparison_key = serializers.CharField()
    scope = ScopeShape()


class SentenceShape(serializers.Serializer[object]):
    text = serializers.CharField()
    strong = serializers.BooleanField()


class VerdictShape(serializers.Serializer[object]):
    lead = serializers.CharField()
    sentences = SentenceShape(many=True)
