"""What the ways in answer, as the API's description tells it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import serializers


class AcceptedShape(serializers.Serializer[object]):
    """The file is kept and will be read."""

    run = serializers.IntegerField()
    status_address = serializers.CharField()


class FatesShape(serializers.Serializer[object]):
    """lines = new + changed + unchanged + repeated + joined + rejected"""

    lines = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    repeated = serializers.IntegerField()
    rejected = serializers.IntegerField()
    joined = serializers.IntegerField(help_text=_("Lines that are part of a record another line stands for."))


class RunShape(serializers.Serializer[object]):
    """One file, how far it is, and what became of its lines."""

    run = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    file_name = serializers.CharField()
    state = serializers.CharField()
    attempt = serializers.IntegerField()
    message = serializers.CharField()
    fates = FatesShape()
    received_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    rejected_address = serializers.CharField(allow_null=True)


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself by being a subclass
    """How the API's description names the tokens of sources."""

    target_class = "kpi.intake.tokens.ByToken"
    name = "sourceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token of one source, made in the admin."}
