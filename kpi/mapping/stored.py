"""The versions of mappings, and what any source of the database is read as: a format of the registry, or the mapping it has."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from kpi import registry
from kpi.mapping.build import build
from kpi.mapping.spec import Spec, as_dict, checked, from_dict
from kpi.models import DataSource, ImportRun, Site, SourceMapping
from kpi.source import Refused, Source

MAPPED = "mapped"  # the format of a source that has mappings


def is_mapped(origin: DataSource) -> bool:
    return origin.format == MAPPED


def newest(origin: DataSource) -> SourceMapping | None:
    """The version that holds for files that come from now on."""
    return origin.mappings.order_by("-number").first() if is_mapped(origin) and origin.pk else None


def source_of(origin: DataSource, version: SourceMapping | None = None) -> Source:
    """How files of this source are read; raises registry.Unknown for a format nobody knows any more."""
    if not is_mapped(origin):
        return registry.source(origin.format)
    found = version or newest(origin)
    if found is None:
        raise registry.Unknown(f"the source “{origin.key}” has no mapping")
    return _built(origin.key, json.dumps(found.content, sort_keys=True))


def known(origin: DataSource) -> Source | None:
    """As `source_of`; None for a format, or a mapping onto a layout, that nobody here knows: any more, or yet."""
    try:
        return source_of(origin)
    except (registry.Unknown, Refused):
        return None


def source_of_run(run: ImportRun) -> Source:
    """How this file is, or was, read."""
    return source_of(run.source, run.mapping)


def spec_of(version: SourceMapping) -> Spec:
    return from_dict(version.content)


@lru_cache(maxsize=64)
def _built(key: str, content: str) -> Source:
    return build(key, from_dict(json.loads(content)))


def mapped_sources() -> list[DataSource]:
    return list(DataSource.objects.filter(format=MAPPED).select_related("site").prefetch_related("mappings"))


def origins_of(model: str) -> list[int]:
    """Ids of the sources whose files hold this record."""
    formats = [source.key for source in registry.sources().values() if source.stores == model]
    plain = DataSource.objects.filter(format__in=formats).values_list("pk", flat=True)
    return [*plain, *(origin.pk for origin in mapped_sources() if (source := known(origin)) and source.stores == model)]


def check_key(key: str) -> str:
    """The key of a new source; Refused where it is taken or could not be a folder or an address."""
    if not key or slugify(key.replace("_", "-")).replace("-", "_") != key.replace("-", "_") or len(key) > 64:
        raise Refused(_("A key has small letters, digits, - and _, at most 64 of them, like call_log."))
    if key in registry.sources() or DataSource.objects.filter(key=key).exclude(format=MAPPED).exists():
        raise Refused(_("The key “%(key)s” is that of another source. Choose another.") % {"key": key})
    return key


def save(key: str, spec: Spec, user: Any, *, note: str = "", site: Site | None = None) -> tuple[SourceMapping, bool]:
    """A version of this mapping, and whether it is a new one: what equals the newest adds nothing. Refused where it cannot be stored."""
    check_key(key)
    content = as_dict(checked(spec))
    try:
        with transaction.atomic():
            return _save(key, content, spec, user, note, site)
    except IntegrityError:
        raise Refused(_("Somebody saved another version in this moment. Look at it, then save yours again.")) from None


def _save(key: str, content: dict[str, Any], spec: Spec, user: Any, note: str, site: Site | None) -> tuple[SourceMapping, bool]:
    origin, made = DataSource.objects.get_or_create(key=key, defaults={"format": MAPPED, "site": site})
    before = newest(origin)
    if before and before.content == content:
        return before, False
    if before and from_dict(before.content).base.stores != spec.base.stores:
        raise Refused(
            _("The files of “%(key)s” hold another kind of record. A further kind of file needs a source of its own.") % {"key": key}
        )
    if site and not made and origin.site_id != site.pk:
        DataSource.objects.filter(pk=origin.pk).update(site=site)
    number = before.number + 1 if before else 1
    return SourceMapping.objects.create(source=origin, number=number, content=content, note=note[:255], made_by=user), True
