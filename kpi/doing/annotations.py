"""Annotations: what happened, on a page of their own; drawn on the charts they concern, and what comparisons may stand around."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kpi import may
from kpi.doing.forms import AnnotationForm, values_of
from kpi.doing.frame import history_of, name_of, page
from kpi.models import Annotation
from kpi.result import Viewer
from kpi.rights import NotAllowed


@dataclass(frozen=True)
class Noted:
    """One row of the list, and whether this reader may change it."""

    item: Annotation
    address: str
    who: str
    own: bool


def readable(viewer: Viewer) -> Iterator[Annotation]:
    """Newest first; what is about somebody else's team or site is not among them."""
    found = Annotation.objects.select_related("site", "team__site", "author").order_by("-day", "-pk")
    return (item for item in found if may.reads(viewer, may.where_of(item)))


def found_or_404(viewer: Viewer, pk: int) -> Annotation:
    """One that this reader may change; any other is not there."""
    item = Annotation.objects.select_related("site", "team").filter(pk=pk).first()
    if item is None or not may.writes(viewer, may.where_of(item)):
        raise Http404
    return item


def added(form: AnnotationForm, user: object) -> Annotation:
    item = form.stored_in(Annotation(author=user if isinstance(user, User) else None))
    item.save()
    return item


@require_http_methods(["GET", "HEAD", "POST"])
@page
def every_annotation(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The list, and the form that adds to it."""
    form = AnnotationForm(request.POST or None, viewer=viewer, initial=may.in_view(viewer, request.GET))
    if request.method == "POST":
        if not may.writes_anywhere(viewer):
            raise NotAllowed("reads only")
        if form.is_valid():
            added(form, request.user)
            return redirect("annotations")
    return _list(request, viewer, form)


def _list(request: HttpRequest, viewer: Viewer, form: AnnotationForm) -> HttpResponse:
    rows = [_noted(viewer, item) for item in readable(viewer)]
    context = {"rows": rows, "entry": form, "writes": may.writes_anywhere(viewer)}
    return render(request, "kpi/plans/annotations.html", context, status=400 if form.errors else 200)


def _noted(viewer: Viewer, item: Annotation) -> Noted:
    where = may.where_of(item)
    return Noted(item, where.address, name_of(item.author) if item.author else "–", may.writes(viewer, where))


@require_http_methods(["GET", "HEAD", "POST"])
@page
def one_annotation(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """One annotation to change, and what was changed before."""
    item = found_or_404(viewer, pk)
    form = AnnotationForm(request.POST or values_of(item), viewer=viewer)
    if request.method == "POST" and form.is_valid():
        form.stored_in(item).save()
        return redirect("annotations")
    context = {"item": item, "entry": form, "history": history_of(item)}
    return render(request, "kpi/plans/annotation.html", context, status=400 if form.errors else 200)


@require_POST
@page
def remove_annotation(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    """Gone from list and charts; that it was there stays in the audit log."""
    found_or_404(viewer, pk).delete()
    return redirect("annotations")
