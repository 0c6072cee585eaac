"""Holidays: one by one, or a whole list pasted at once (day, name and the sites it holds for)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditlog.registry import auditlog
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.admin.base import RememberWho
from kpi.models import Holiday, Site

LONGEST_NAME = 120
MOST_LINES = 2000  # a hundred sites and twenty days
DELIMITERS = ";\t,"


@dataclass(frozen=True)
class Line:
    """One holiday of a pasted list; without a site it holds for all."""

    day: date
    name: str
    site: Site | None


def read_lines(text: str) -> tuple[list[Line], list[str]]:
    """The holidays of a pasted list, and a sentence for every line that is not understood.

    A line is day;name or day;name;site codes separated by spaces. The delimiter is a semicolon, a tab or a comma, the same in all
    lines; the first line may be a header.
    """
    rows = [(number, row) for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=_delimiter(text)), 1) if any(row)]
    if len(rows) > MOST_LINES:
        return [], [gettext("%(n)d lines are too many at once; paste up to %(most)d.") % {"n": len(rows), "most": MOST_LINES}]
    sites = {site.code: site for site in Site.objects.all()}
    lines: list[Line] = []
    problems: list[str] = []
    for number, row in rows:
        try:
            lines += _read(row, sites)
        except ValueError as error:
            if number > 1 or not _is_header(row):
                problems.append(gettext("Line %(number)d: %(problem)s") % {"number": number, "problem": error})
    return lines, problems


def _delimiter(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return next((mark for mark in DELIMITERS if mark in first), ";")


def _is_header(row: list[str]) -> bool:
    return not any(letter.isdigit() for letter in row[0])


def _read(row: list[str], sites: dict[str, Site]) -> Iterator[Line]:
    cells = [cell.strip() for cell in row] + [""] * 2
    try:
        day = date.fromisoformat(cells[0])
    except ValueError:
        raise ValueError(gettext("“%(cell)s” is not a day; write one like 2026-12-25.") % {"cell": cells[0]}) from None
    if not 0 < len(cells[1]) <= LONGEST_NAME:
        raise ValueError(gettext("a holiday has a name of up to %(most)d letters.") % {"most": LONGEST_NAME})
    codes = cells[2].split()
    if unknown := [code for code in codes if code not in sites]:
        said = {"cell": unknown[0], "sites": ", ".join(sorted(sites))}
        raise ValueError(gettext("“%(cell)s” is no site; these exist: %(sites)s.") % said)
    return iter([Line(day, cells[1], sites[code]) for code in codes] or [Line(day, cells[1], None)])


@transaction.atomic
def store_lines(lines: list[Line], user: AbstractBaseUser | AnonymousUser) -> int:
    """How many were new or got another name; the same list twice changes nothing. One by one, so that the audit log has each."""
    changed = 0
    for line in lines:
        known = Holiday.objects.filter(day=line.day, site=line.site).first()
        if known is None:
            known = Holiday(day=line.day, site=line.site, entered_by_id=user.pk)
        if known.name != line.name:
            known.name = line.name
            known.save()
            changed += 1
    return changed


class PasteForm(forms.Form):
    """The list as text. All of it is stored, or, where a line is not understood, nothing."""

    text = forms.CharField(
        label=_("Holidays"),
        widget=forms.Textarea(attrs={"rows": 20, "cols": 80}),
        help_text=_("One a line: day;name;site codes separated by spaces. Without a site it holds for all. A CSV file can be pasted."),
    )

    def clean_text(self) -> list[Line]:
        lines, problems = read_lines(self.cleaned_data["text"])
        if problems:
            raise forms.ValidationError(problems)
        return lines


@admin.register(Holiday)
class HolidayAdmin(RememberWho):
    """A holiday changes which periods are alike, and no number."""

    who = "entered_by"
    change_list_template = "admin/kpi/holiday/change_list.html"
    list_display = ("day", "name", "site", "entered_by")
    list_filter = ("site",)
    list_select_related = ("site", "entered_by")
    search_fields = ("name",)
    date_hierarchy = "day"

    def get_urls(self) -> list[URLPattern]:
        return [path("paste/", self.admin_site.admin_view(self.paste), name="kpi_holiday_paste"), *super().get_urls()]

    def paste(self, request: HttpRequest) -> HttpResponse:
        """The page of the pasted list."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PasteForm(request.POST or None)
        if form.is_valid():
            count = store_lines(form.cleaned_data["text"], request.user)
            self.message_user(request, gettext("%(count)d holidays were added or renamed.") % {"count": count}, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:kpi_holiday_changelist"))
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": gettext("Paste holidays"),
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/kpi/holiday/paste.html", context)


auditlog.register(Holiday)
