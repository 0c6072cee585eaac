"""Who may send files without a person at the keyboard: tokens of a source, and what was sent with them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.imports import DataSource, ImportRun


class ImportToken(models.Model):
    """A secret that sends files for one source until a day. Only its hash is kept; `prefix` is what it is recognised by."""

    source = models.ForeignKey(DataSource, models.CASCADE, related_name="tokens", verbose_name=_("source"))
    name = models.CharField(_("name"), max_length=64, help_text=_("Which system holds it: what to change when it is revoked."))
    prefix = models.CharField(_("begins with"), max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, verbose_name=_("entered by")
    )

    class Meta:
        ordering = ["source", "name", "pk"]
        verbose_name = _("import token")
        verbose_name_plural = _("import tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def in_force(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class ImportRequest(models.Model):
    """An Idempotency-Key that was used: the same key with the same file is the same request, however often it arrives."""

    token = models.ForeignKey(ImportToken, models.CASCADE, related_name="requests")
    key = models.CharField(max_length=255)
    checksum = models.CharField(max_length=64)
    run = models.ForeignKey(ImportRun, models.CASCADE, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.token}: {self.key}"


class SenderUse(models.Model):
    """What one sender (a token or a user) sent in one hour: nothing but numbers, deleted by the night after REQUESTS_KEPT_DAYS."""

    sender = models.CharField(max_length=32)  # token:12, user:7
    hour = models.DateTimeField()
    requests = models.IntegerField(default=0)
    bytes = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "hour"], name="sender_use_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.sender}: {self.requests}"
