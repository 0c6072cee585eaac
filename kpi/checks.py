"""Start-up checks of the definitions, one small rule each: kpi.E001 onwards. A broken definition stops the start with a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db.models import ForeignKey, Model

from kpi import registry
from kpi.alert import Rule
from kpi.metric import Family, Metric
from kpi.source import Source
from kpi.subject import Subject

COMPANIONS = (Family.CUSTOMER, Family.WELLBEING, Family.RESOLUTION)
WORDS = ("label", "formula", "caveat", "sample", "source")
PERSON_OF_AGENT = ("agent", "employee", "staff")
FEELING = ("emotion", "sentiment", "mood")


@register("kpi")
def check_definitions(**_kwargs: Any) -> list[CheckMessage]:
    """Every rule over everything that was found in the folders."""
    metrics, sources = registry.files("metrics", "METRIC"), registry.files("sources", "SOURCE")
    found = [metric for _name, metric in metrics]
    subjects = registry.subjects()
    return [
        *key_is_file_name([*metrics, *sources]),
        *key_once(metrics, sources),
        *one_headline(found),
        *words_present(found),
        *history_ends_with_the_version(found),
        *companions_exist(found),
        *subjects_exist(found, subjects),
        *stores_something_known(source for _name, source in sources),
        *no_feelings_of_agents(source for _name, source in sources),
        *pairs_only(registry.files("alerts", "RULE"), found),
        *production_is_closed(settings),
    ]


def key_is_file_name(files: Iterable[tuple[str, Metric | Source]]) -> Iterator[Error]:
    for name, item in files:
        if item.key != name:
            yield Error(f"{name}.py defines “{item.key}”.", hint="The key equals the file name: rename one of them.", id="kpi.E001")


def key_once(*folders: Sequence[tuple[str, Metric | Source]]) -> Iterator[Error]:
    """Two apps may not define the same key: one of them would vanish."""
    for files in folders:
        for key, count in Counter(item.key for _name, item in files).items():
            if count > 1:
                yield Error(f"{count} files define “{key}”.", hint="Rename all but one.", id="kpi.E012")


def one_headline(metrics: Sequence[Metric]) -> Iterator[Error]:
    """Each family is judged by one metric."""
    counted = Counter(metric.family for metric in metrics if metric.headline)
    for family, count in counted.items():
        if count > 1:
            keys = ", ".join(metric.key for metric in metrics if metric.headline and metric.family is family)
            yield Error(f"The family “{family}” has {count} headlines: {keys}.", hint="Leave headline=True to one.", id="kpi.E002")


def words_present(metrics: Iterable[Metric]) -> Iterator[Error]:
    for metric in metrics:
        for name in WORDS:
            if not str(getattr(metric, name)).strip():
                yield Error(f"{metric.key}: “{name}” is empty.", hint="It is shown to the reader: write it.", id="kpi.E003")


def history_ends_with_the_version(metrics: Sequence[Metric]) -> Iterator[Error]:
    """A raised version says in words what changed; versions follow one another."""
    for metric in metrics:
        numbers = [entry.number for entry in metric.history]
        if (numbers or metric.version > 1) and numbers != list(range(1, metric.version + 1)):
            hint = "Add an entry for every version to its history."
            yield Error(f"{metric.key} is version {metric.version}, its history tells of {numbers}.", hint=hint, id="kpi.E013")


def companions_exist(metrics: Sequence[Metric]) -> Iterator[Error]:
    """A saving could not be balanced where a family has no headline."""
    if not any(metric.family is Family.SAVINGS for metric in metrics):
        return
    headlines = {metric.family for metric in metrics if metric.headline}
    for family in COMPANIONS:
        if family not in headlines:
            yield Error(
                f"There is a saving but no headline for “{family}”.", hint="Give the family a metric with headline=True.", id="kpi.E004"
            )


def subjects_exist(metrics: Iterable[Metric], subjects: Mapping[str, Subject]) -> Iterator[Error]:
    for metric in metrics:
        for measure in metric.measures:
            where = f"{metric.key}: the measure “{measure.key}”"
            if measure.subject not in subjects:
                hint = f"These exist: {', '.join(subjects)}."
                yield Error(f"{where} is about “{measure.subject}”, which no file defines.", hint=hint, id="kpi.E005")
            elif measure.stratified and not subjects[measure.subject].strata:
                yield Error(f"{where} is stratified, its subject is not.", hint="Leave stratified out.", id="kpi.E006")


def stores_something_known(sources: Iterable[Source]) -> Iterator[Error]:
    """The model and every field a source fills."""
    for source in sources:
        try:
            model = apps.get_model(source.stores)
        except (LookupError, ValueError):
            yield Error(f"{source.key} stores “{source.stores}”, which is no model.", hint="Write app.Model.", id="kpi.E007")
            continue
        filled = [*(column.field for column in source.columns), *source.identity, *source.constants]
        for name in dict.fromkeys(filled):
            if not _has_field(model, name):
                yield Error(
                    f"{source.key} fills “{name}”, which {source.stores} does not have.", hint="Use a field of the model.", id="kpi.E008"
                )


def _has_field(model: type[Model], name: str) -> bool:
    """A field of the model, or <key>_<field> of a row it points to and the import may have to make (wave_closed_on)."""
    fields = model._meta.concrete_fields
    targets = [(key.name, key.related_model) for key in fields if isinstance(key, ForeignKey)]
    further = {f"{key}_{item.name}" for key, target in targets for item in target._meta.concrete_fields}
    return name in further | {item.name for item in fields}


def no_feelings_of_agents(sources: Iterable[Source]) -> Iterator[Error]:
    """Emotion or sentiment of an agent is not stored, whatever a file offers."""
    for source in sources:
        for column in source.columns:
            name = f"{column.name} {column.field}".lower()
            if any(word in name for word in FEELING) and any(word in name for word in PERSON_OF_AGENT):
                hint = "Take the column out: feelings of agents are refused."
                yield Error(f"{source.key}: “{column.name}” holds what an agent felt.", hint=hint, id="kpi.E009")


def pairs_only(rules: Iterable[tuple[str, Rule]], metrics: Sequence[Metric]) -> Iterator[Error]:
    """An alert is about a figure and what it may have cost; a saving alone raises none."""
    known = {metric.key: metric for metric in metrics}
    for name, rule in rules:
        companions = {known[key].family for key in rule.companions if key in known and known[key].headline}
        needed = set(COMPANIONS) if rule.figure in known else set()
        if rule.key != name:
            yield Error(f"{name}.py defines the alert “{rule.key}”.", hint="The key equals the file name: rename one.", id="kpi.E013")
        if unknown := {rule.figure, *rule.companions} - set(known):
            yield Error(f"{rule.key} names {', '.join(sorted(unknown))}.", hint="Name metrics that a file defines.", id="kpi.E014")
        if not needed <= companions:
            hint = "Name the headlines of customers, wellbeing and resolution among its companions."
            yield Error(f"{rule.key} speaks of {rule.figure} without what it may have cost.", hint=hint, id="kpi.E015")


def production_is_closed(values: Any) -> Iterator[Error]:
    if not values.PRODUCTION:
        return
    if values.DEBUG:
        yield Error("PRODUCTION and DEBUG are both on.", hint="Set DEBUG=false.", id="kpi.E010")
    if "*" in values.ALLOWED_HOSTS or not values.ALLOWED_HOSTS:
        yield Error("ALLOWED_HOSTS is empty or “*”.", hint="Name the hosts, e.g. ALLOWED_HOSTS=numbers.example.org.", id="kpi.E011")
