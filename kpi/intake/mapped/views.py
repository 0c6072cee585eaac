"""Five steps from a file nobody knows to its rows: the file, its text, its columns, their cells, and what storing it would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kpi import ingest, tasks
from kpi.export import same_file
from kpi.ingest.errors import sentence
from kpi.intake.mapped import columns, draft, reading_of, said, trying
from kpi.intake.mapped.forms import BeginForm, SaveForm
from kpi.intake.roles import Keeper, keeper_of
from kpi.mapping import stored
from kpi.mapping.dialect import Delimited, Encoded, find_delimited, find_encoded
from kpi.mapping.profile import Profile, profile
from kpi.mapping.words import DELIMITER_WORDS, RECORD_WORDS
from kpi.models import DataSource, Site
from kpi.models.organisation import zones_here
from kpi.reading.encoding import encoding_name
from kpi.source import Refused

STEPS = (
    ("text", gettext_lazy("Its text")),
    ("columns", gettext_lazy("Its columns")),
    ("cells", gettext_lazy("Their cells")),
    ("check", gettext_lazy("What it would do")),
)
Step = Callable[[HttpRequest, draft.Draft], HttpResponse]
PROBLEMS = (Refused, DatabaseError, OSError)


def sender(request: HttpRequest) -> Keeper:
    """Who may send files may map them; for anybody else there is no such page."""
    keeper = keeper_of(request.user)
    if not keeper.sends:
        raise Http404
    return keeper


def step(view: Step) -> Callable[..., HttpResponse]:
    """One step of a draft of this session; back to the start where it is gone, or its file turns out not to be readable."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        sender(request)
        try:
            return view(request, draft.of(request, token))
        except draft.Gone as gone:
            messages.error(request, str(gone))
        except PROBLEMS as problem:
            messages.error(request, sentence(problem))
        return redirect("data-map")

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """What mapping is, the sources that are mapped, and the file."""
    sender(request)
    origin = DataSource.objects.filter(key=request.GET.get("key", ""), format=stored.MAPPED).first()
    before = stored.newest(origin) if origin else None
    form = BeginForm(request.POST or None, request.FILES or None, before=before)
    if request.method == "POST" and form.is_valid():
        try:
            return _begun(request, form, before)
        except PROBLEMS as problem:
            form.add_error("file", sentence(problem))
    known = [(item, stored.newest(item), stored.known(item)) for item in stored.mapped_sources()]
    context = {"form": form, "before": before, "known": known}
    return show(request, "start", context, 400 if form.errors else 200)


def _begun(request: HttpRequest, form: BeginForm, before: Any) -> HttpResponse:
    made = draft.begin(request, form.cleaned_data["file"], form.kind, before.source.key if before else "")
    try:
        if before:
            made.like(stored.spec_of(before))
        encoded = find_encoded(made.path)
        made.encoding = encoded.name
        delimited = find_delimited(made.path, encoded.name) if encoded.name else Delimited("", "")
        made.delimiter = delimited.mark
        if made.delimiter:
            profile(made.path, made.encoding, made.delimiter)
    except PROBLEMS:
        draft.end(request, made, with_file=True)
        raise
    draft.keep(request, made)
    return redirect("data-map-columns" if made.delimiter else "data-map-text", token=made.token)


@step
def text(request: HttpRequest, made: draft.Draft) -> HttpResponse:
    """Encoding and delimiter: what shows them, or what has to be chosen."""
    encoded = find_encoded(made.path)
    errors: dict[str, str] = {}
    chosen = encoded.name or made.encoding
    delimited = _delimited(made, chosen)
    if request.method == "POST":
        chosen = encoded.name or _encoding(request.POST, errors)
        delimited = _delimited(made, chosen)
        mark = request.POST.get("delimiter", "") or delimited.mark
        if chosen and delimited.counts and mark not in DELIMITER_WORDS:
            errors["delimiter"] = _("Choose what stands between the columns.")
        if chosen and not errors and mark in DELIMITER_WORDS:
            profile(made.path, chosen, mark)
            if (chosen, mark) != (made.encoding, made.delimiter):
                made.encoding, made.delimiter, made.mapped, made.read = chosen, mark, False, False
            draft.keep(request, made)
            return redirect("data-map-columns", token=made.token)
    return show(request, "text", _text_of(made, encoded, delimited, chosen, errors), 400 if errors else 200)


def _delimited(made: draft.Draft, encoding: str) -> Delimited:
    """Not before the encoding is known."""
    return find_delimited(made.path, encoding) if encoding else Delimited("", "")


def _encoding(posted: Mapping[str, str], errors: dict[str, str]) -> str:
    try:
        return encoding_name(posted.get("encoding", ""))
    except Refused:
        errors["encoding"] = _("Choose how the words of the file read rightly.")
        return ""


def _text_of(made: draft.Draft, encoded: Encoded, delimited: Delimited, chosen: str, errors: dict[str, str]) -> dict[str, Any]:
    marks = [(mark, str(DELIMITER_WORDS[mark]), count) for mark, count in delimited.counts]
    return {
        "made": made, "encoded": encoded, "chosen": chosen, "delimited": delimited, "mark": made.delimiter or delimited.mark,
        "marks": marks, "errors": errors, **_steps("text", made),
    }  # fmt: skip


def _profile(made: draft.Draft) -> Profile:
    return profile(made.path, made.encoding, made.delimiter)


@step
def of_columns(request: HttpRequest, made: draft.Draft) -> HttpResponse:
    """Which column fills which field."""
    if not (made.encoding and made.delimiter):
        return redirect("data-map-text", token=made.token)
    found = _profile(made)
    rows, good = columns.taken(made, found, request.POST) if request.method == "POST" else (columns.rows(made, found), True)
    if request.method != "POST":
        columns.with_parts(made, found, rows)
    if request.method == "POST" and good:
        draft.keep(request, made)
        return redirect("data-map-cells", token=made.token)
    used = {name for row in rows for name in row.columns}
    context = {
        "made": made, "rows": rows, "needed": [row for row in rows if row.column.required],
        "more": [row for row in rows if not row.column.required and (row.filled or row.error)],
        "rest": [row for row in rows if not row.column.required and not (row.filled or row.error)],
        "options": list(columns.options(found)), "clocks": list(columns.clocks(found)), "found": found,
        "unused": [(seen.name, columns.looks(seen)) for seen in found.columns if seen.name not in used],
        "evidence": _evidence(made), "wrong": [row for row in rows if row.error], **_steps("columns", made),
    }  # fmt: skip
    return show(request, "columns", context, 200 if good else 400)


def _evidence(made: draft.Draft) -> list[tuple[str, str]]:
    """What was seen of the text of the file."""
    encoded = find_encoded(made.path)
    delimited = find_delimited(made.path, made.encoding)
    chosen = _("chosen by you")
    return [
        (_("Encoding"), f"{made.encoding}: {encoded.why if encoded.name else chosen}"),
        (_("Delimiter"), delimited.why if delimited.mark == made.delimiter else f"{DELIMITER_WORDS[made.delimiter]}: {chosen}"),
    ]


@step
def of_cells(request: HttpRequest, made: draft.Draft) -> HttpResponse:
    """How the cells of the chosen columns are read."""
    if not made.mapped:
        return redirect("data-map-columns", token=made.token)
    found = _profile(made)
    posted = request.method == "POST"
    page = said.taken(made, found, request.POST, request.POST.getlist("nothing")) if posted else reading_of.cells(made, found)
    if posted and not page.wrong:
        draft.keep(request, made)
        return redirect("data-map-check", token=made.token)
    context = {
        "made": made, "page": page, "zones": zones_here(), "zones_in_words": ", ".join(reading_of.zones()),
        "channels": reading_of.channels(), "posted": posted,
        "sites": list(Site.objects.values_list("code", "name")), **_steps("cells", made),
    }  # fmt: skip
    return show(request, "cells", context, 400 if posted else 200)


@step
def check(request: HttpRequest, made: draft.Draft) -> HttpResponse:
    """What storing the file would do; then the mapping is saved, and the file stored by the ordinary way."""
    if not made.read:
        return redirect("data-map-cells", token=made.token)
    form = SaveForm(request.POST or None, made=made)
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, made, form)
        except Refused as problem:
            form.add_error(None, str(problem))
    try:
        tried, refused = trying.attempt(made), ""
    except PROBLEMS as problem:
        tried, refused = None, sentence(problem)
    context = {"made": made, "form": form, "tried": tried, "refused": refused, **_steps("check", made)}
    return show(request, "check", context, 400 if form.errors or refused else 200)


def _saved(request: HttpRequest, made: draft.Draft, form: SaveForm) -> HttpResponse:
    """A version of the mapping; then, where that was chosen, the run of the file."""
    made.label = form.cleaned_data["label"]
    key = made.key or form.cleaned_data["key"]
    site = Site.objects.filter(code=made.site).first()
    version, new = stored.save(key, made.spec(), request.user, note=form.cleaned_data["note"], site=site)
    if new:
        messages.info(request, _("Version %(number)d of the mapping “%(key)s” is saved.") % {"number": version.number, "key": key})
    if request.POST.get("then") != "store":
        draft.end(request, made, with_file=True)
        return redirect("data-mapping", key=key)
    run, existed = ingest.open_run(made.path, key, request.user)
    draft.end(request, made, with_file=existed)
    if not existed:
        tasks.ring(tasks.run_import, run.pk)
    messages.info(request, same_file(run) if existed else _("The file is kept and will be read in the background."))
    return redirect("data-run", run=run.pk)


def _steps(now: str, made: draft.Draft) -> dict[str, Any]:
    """Where one is; a step behind may be gone back to, one ahead not before it was reached."""
    reached = {"text": True, "columns": bool(made.delimiter), "cells": made.mapped, "check": made.read}
    names = [(name, label, reached[name], name == now) for name, label in STEPS]
    record = RECORD_WORDS[made.record]
    return {"steps": names, "token": made.token, "record": record[0], "file_name": made.path.name}


def show(request: HttpRequest, page: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    answer = render(request, f"kpi/data/map/{page}.html", context, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer
