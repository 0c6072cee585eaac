"""Files somebody asked for that take a while: the row is the truth, a message only a bell, as with imports."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Export(models.Model):
    """One page printed for one reader, with the rights of the moment in which it is made; handed out only while they are the same."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    class Form(models.TextChoices):
        PDF = "pdf", _("PDF")
        PNG = "png", _("PNG")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports", verbose_name=_("owner"))
    form = models.CharField(_("form"), max_length=4, choices=Form)
    address = models.CharField(_("address"), max_length=2000)  # path and question of the page, without a host
    language = models.CharField(_("language"), max_length=16)
    title = models.CharField(_("title"), max_length=300, blank=True)
    asked_with = models.CharField(_("rights when it was asked for"), max_length=64)
    made_with = models.CharField(_("rights when it was made"), max_length=64, blank=True)
    made_from = models.CharField(_("version of the data"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    message = models.TextField(_("message"), blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    rung_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    file = models.CharField(max_length=100, blank=True)  # a name in the folder of exports
    size = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        indexes = [models.Index(fields=["owner", "state"], name="export_owner_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["queued", "running", "done", "failed"]), name="export_state_known"),
            models.CheckConstraint(condition=Q(form__in=["pdf", "png"]), name="export_form_known"),
        ]

    def __str__(self) -> str:
        return f"export {self.pk}: {self.form}"
