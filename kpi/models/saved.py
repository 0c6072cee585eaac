"""Views people keep: the address of a page with its filters, under a name. It holds no figure and gives no right."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """Of one user; others open it by its link where their role is named, and see what they may see."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=1000)
    roles = models.JSONField(_("shared with"), default=list, blank=True)
    start = models.BooleanField(_("start page"), default=False)
    created_at = models.DateTimeField(_("saved at"), auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once"),
            models.UniqueConstraint(fields=["user"], condition=Q(start=True), name="saved_view_one_start"),
        ]

    def __str__(self) -> str:
        return self.name
