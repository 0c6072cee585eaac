"""How a file nobody wrote a source for is read: which column fills which field. Versions are added, none is ever changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi.models.imports import DataSource
from kpi.models.published import AppendOnly


class SourceMapping(AppendOnly):
    """One version of how the files of a source are read. The newest holds; a file keeps the version it was read with.

    `content` is what kpi/mapping/spec.py reads and writes. The database refuses to change or delete a row.
    """

    source = models.ForeignKey(DataSource, models.PROTECT, related_name="mappings", verbose_name=_("source"))
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    note = models.CharField(_("what changed"), max_length=255, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        ordering = ["source", "-number"]
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="mapping_version_once")]

    def __str__(self) -> str:
        return gettext("%(source)s, version %(number)s") % {"source": self.source, "number": self.number}
