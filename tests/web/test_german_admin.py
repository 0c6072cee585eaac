"""The admin in German: every model of ours has its name in one and in many, every column and field it shows has its word."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client, RequestFactory
from django.utils import translation

from kpi import ingest
from kpi.sentences import Count, Sentence, of_kept
from tests import factories
from tests.web.test_german import GERMAN

OWN = {"kpi", "wellbeing", "staffing"}
OURS = sorted((model for model in admin.site._registry if model._meta.app_label in OWN), key=str)
SAME = {
    "id",
    "version",
    "name",
    "host",
    "code",
    "format",
    "bucket",
    "initiative",
    "shrinkage",
    "team",
    "teams",
    "text",
}  # words both languages have


def in_both(text: object) -> tuple[str, str]:
    with translation.override("en"):
        english = str(text)
    with translation.override("de"):
        return english, str(text)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_model_has_a_german_name_for_one_and_for_many(model: type[Model]) -> None:
    for name in (model._meta.verbose_name, model._meta.verbose_name_plural):
        english, german = in_both(name)
        assert english != german, english
    assert model._meta.original_attrs.get("verbose_name_plural"), "no s is put behind a German word"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_what_its_list_and_its_form_show_has_a_german_word(model: type[Model], db: None) -> None:
    request = RequestFactory().get("/admin/")
    request.user = User.objects.create_superuser("boss")
    found: Any = admin.site._registry[model]
    edited = found.has_add_permission(request) or found.has_change_permission(request)
    form = found.get_form(request).base_fields if edited else {}
    names = {*found.get_list_display(request), *found.get_readonly_fields(request), *(found.fields or ())} - {"__str__"}
    pairs = [in_both(field.label) for field in form.values()]
    pairs += [(label_of(name, model, found, "en"), label_of(name, model, found, "de")) for name in names - set(form)]
    assert [english for english, german in pairs if english == german and english.lower() not in SAME] == []


def label_of(name: Any, model: type[Model], found: object, language: str) -> str:
    with translation.override(language):
        return str(label_for_field(name, model, found))  # type: ignore[arg-type]


def test_the_first_page_and_a_run_say_nothing_in_english(admin_client: Client) -> None:
    run = factories.ImportRunFactory(file_name="nacht.csv")
    page = admin_client.get("/admin/", **GERMAN).content.decode()  # type: ignore[arg-type]
    for word in ("Datenquellen", "Importläufe", "Abgelehnte Zeilen", "Verbindungen"):
        assert word in page
    assert not re.search(r"Data sources|Import runs|Rejected rows|Verbindungs\b", page)
    shown = admin_client.get(f"/admin/kpi/importrun/{run.pk}/change/", **GERMAN).content.decode()  # type: ignore[arg-type]
    assert f"Lauf {run.pk}: nacht.csv" in shown


def test_signed_rows_are_called_in_the_language_of_the_reader(db: None) -> None:
    cost = factories.CostFactory(valid_from=date(2026, 3, 1), site=None)
    baseline = factories.BaselineFactory(site=None)
    with translation.override("de"):
        assert str(cost) == "volle Kosten eines VZÄ im Jahr ab 1. März 2026"
        assert str(baseline) == "alle Standorte, Version 1"
    assert str(cost) == "loaded cost of one FTE and year from 1 Mar 2026"


def test_a_count_has_the_marks_of_the_readers_language_also_after_it_was_kept() -> None:
    said = Sentence("%(count)s rows: %(rule)s", {"count": Count(26_880), "rule": "x,y"})
    assert said.english == "26,880 rows: x,y"
    again = of_kept(said.kept())
    assert again == said
    with translation.override("de"):
        assert str(again) == "26\u202f880 Zeilen: x,y"
        assert str(ingest.saying.of_fates(ingest.outcome.Fates(3704, 3704, 0, 0, 0, 0, 0))).startswith("3\u202f704 neu")
