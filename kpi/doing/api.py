"""Annotations as data, under the rights of the page: list, add, change, remove."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpi import may
from kpi.doing.annotations import added, found_or_404, readable
from kpi.doing.forms import AnnotationForm, values_of
from kpi.models import Annotation
from kpi.result import Viewer
from kpi.rights import NotAllowed, viewer_of
from kpi.schema import ErrorAnswer

NAMES = ("kind", "text", "day", "last_day", "scope")


class AnnotationEntry(serializers.Serializer[object]):
    """What is sent."""

    kind = serializers.ChoiceField(choices=Annotation.Kind.choices)
    text = serializers.CharField(max_length=120, help_text="What happened, never who: no names, addresses or numbers of persons.")
    day = serializers.DateField()
    last_day = serializers.DateField(required=False, allow_null=True)
    scope = serializers.CharField(help_text="`all`, `site:ID` or `team:ID`.")


class AnnotationShape(AnnotationEntry):
    """What is answered."""

    id = serializers.IntegerField()
    where = serializers.CharField(help_text="The site or team in words; empty for all sites.")
    yours = serializers.BooleanField(help_text="Whether you may change it.")


class AnnotationList(serializers.Serializer[object]):
    annotations = AnnotationShape(many=True)


def _viewer(request: Request) -> Viewer:
    try:
        return viewer_of(request.user)
    except NotAllowed:
        raise PermissionDenied from None


def _told(viewer: Viewer, item: Annotation) -> dict[str, Any]:
    where = may.where_of(item)
    told = {"id": item.pk, "kind": item.kind, "text": item.text, "day": item.day, "last_day": item.last_day, "scope": where.key}
    return {**told, "where": str(item.team or item.site or ""), "yours": may.writes(viewer, where)}


def _valid(request: Request, viewer: Viewer, before: dict[str, Any] | None = None) -> AnnotationForm:
    if not isinstance(request.data, dict):
        raise ValidationError({"": ["An object with kind, text, day, last_day and scope is expected."]})
    sent = {name: "" if (value := request.data[name]) is None else str(value) for name in NAMES if name in request.data}
    form = AnnotationForm({**(before or {}), **sent}, viewer=viewer)
    if not form.is_valid():
        raise ValidationError({name: [str(text) for text in texts] for name, texts in form.errors.items()})
    return form


class AnnotationsView(APIView):
    """All that you may read, and adding one."""

    @extend_schema(operation_id="annotations", responses={200: AnnotationList, 403: ErrorAnswer})
    def get(self, request: Request) -> Response:
        """Newest first."""
        viewer = _viewer(request)
        return Response({"annotations": [_told(viewer, item) for item in readable(viewer)]})

    @extend_schema(
        operation_id="annotation_add",
        request=AnnotationEntry,
        responses={201: AnnotationShape, 400: ErrorAnswer, 403: ErrorAnswer},
    )
    def post(self, request: Request) -> Response:
        """For executives and analysts everywhere, for managers in own teams and sites."""
        viewer = _viewer(request)
        if not may.writes_anywhere(viewer):
            raise PermissionDenied
        return Response(_told(viewer, added(_valid(request, viewer), request.user)), status=201)


class AnnotationView(APIView):
    """Changing or removing one of your own scope."""

    @extend_schema(
        operation_id="annotation_change",
        request=AnnotationEntry,
        responses={200: AnnotationShape, 400: ErrorAnswer, 403: ErrorAnswer, 404: ErrorAnswer},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """What is not sent stays as it is."""
        viewer = _viewer(request)
        item = found_or_404(viewer, pk)
        _valid(request, viewer, values_of(item)).stored_in(item).save()
        return Response(_told(viewer, self._read(item.pk)))

    @extend_schema(operation_id="annotation_remove", request=None, responses={204: None, 403: ErrorAnswer, 404: ErrorAnswer})
    def delete(self, request: Request, pk: int) -> Response:
        """Gone from the charts; that it was there stays in the audit log."""
        found_or_404(_viewer(request), pk).delete()
        return Response(status=204)

    @staticmethod
    def _read(pk: int) -> Annotation:
        item = Annotation.objects.select_related("site", "team").filter(pk=pk).first()
        if item is None:
            raise Http404
        return item
