"""The pages of a mapping that is kept: what it says, its versions, and the way to YAML and back."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpi.intake.mapped.forms import YamlForm
from kpi.intake.mapped.views import sender, show
from kpi.mapping import stored
from kpi.mapping.spec import Spec, from_yaml, to_yaml
from kpi.mapping.units import label_of
from kpi.mapping.words import DELIMITER_WORDS, FIELD_WORDS, RECORD_WORDS
from kpi.models import DataSource, SourceMapping
from kpi.source import DateOrder, Refused


@require_safe
@login_required
def page(request: HttpRequest, key: str) -> HttpResponse:
    """What a mapping says, newest version first."""
    sender(request)
    origin = _origin(key)
    versions = list(origin.mappings.select_related("made_by").order_by("-number"))
    if not versions:
        raise Http404
    chosen = next((item for item in versions if str(item.number) == request.GET.get("version")), versions[0])
    try:
        spec = stored.spec_of(chosen)
    except Refused as problem:
        return _not_known(request, problem)
    context = {
        "origin": origin, "versions": versions, "version": chosen, "newest": chosen == versions[0], "spec": spec,
        "record": RECORD_WORDS[spec.record], "facts": list(_facts(spec)), "fields": list(_fields(spec)),
    }  # fmt: skip
    return show(request, "mapping", context)


def _not_known(request: HttpRequest, problem: Refused) -> HttpResponse:
    """A mapping onto a layout that this process does not know: another one may have begun to, or ceased to."""
    messages.error(request, str(problem))
    return redirect("data-map")


def _facts(spec: Spec) -> Iterator[tuple[str, str]]:
    yield _("Encoding"), spec.encoding
    yield _("Delimiter"), str(DELIMITER_WORDS.get(spec.delimiter, spec.delimiter))
    orders = {DateOrder.DAY_FIRST: _("day first"), DateOrder.MONTH_FIRST: _("month first"), DateOrder.ISO: _("year first")}
    yield _("Dates"), orders[spec.date_order]
    yield _("Time zone"), spec.zone or _("none: every time carries its offset")
    yield _("Decimals"), _("with a comma") if spec.decimal_comma else _("with a point")
    if spec.empty:
        yield _("Nothing is known"), ", ".join(spec.empty)


def _fields(spec: Spec) -> Iterator[tuple[str, str, str]]:
    """(field, column, how its cells are read)"""
    for column in spec.base.columns:
        label = str(FIELD_WORDS[column.field][0])
        item = spec.fill(column.field)
        if item:
            unit = label_of(item.field, item.unit) if item.unit else ""
            words = ", ".join(f"{word} → {meaning or _('nothing is known')}" for word, meaning in item.values.items())
            yield label, item.name, unit or words
        elif column.field in spec.constants:
            yield label, _("the same in every row"), spec.constants[column.field]


@require_safe
@login_required
def as_yaml(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One version as a file."""
    sender(request)
    version = SourceMapping.objects.filter(source=_origin(key), number=number).first()
    if version is None:
        raise Http404
    try:
        text = to_yaml(key, number, stored.spec_of(version))
    except Refused as problem:
        return _not_known(request, problem)
    headers = {"Content-Disposition": f'attachment; filename="{key}_{number}.yaml"', "Cache-Control": "private, no-store"}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def from_file(request: HttpRequest) -> HttpResponse:
    """A mapping that comes as YAML is a version like one that was made on the pages."""
    sender(request)
    form = YamlForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            named, spec = from_yaml(form.cleaned_data["file"])
            key = form.cleaned_data["key"] or named
            version, new = stored.save(key, spec, request.user, note=_("from YAML"))
        except Refused as problem:
            form.add_error("file", str(problem))
        else:
            said = {"number": version.number, "key": key}
            text = (
                _("Version %(number)d of the mapping “%(key)s” is saved.") if new else _("This is version %(number)d of “%(key)s” already.")
            )
            messages.info(request, text % said)
            return redirect("data-mapping", key=key)
    return show(request, "yaml", {"form": form}, 400 if form.errors else 200)


@require_POST
@login_required
def hold_again(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """An earlier version holds again: as a new one, for none is changed."""
    sender(request)
    before = SourceMapping.objects.filter(source=_origin(key), number=number).first()
    if before is None:
        raise Http404
    try:
        version, new = stored.save(key, stored.spec_of(before), request.user, note=_("as version %(number)d") % {"number": number})
        text = _("Version %(number)d of the mapping “%(key)s” is saved.") if new else _("This is version %(number)d of “%(key)s” already.")
        messages.info(request, text % {"number": version.number, "key": key})
    except Refused as problem:
        messages.error(request, str(problem))
    return redirect("data-mapping", key=key)


def _origin(key: str) -> DataSource:
    found = DataSource.objects.filter(key=key, format=stored.MAPPED).first()
    if found is None:
        raise Http404
    return found
