"""What is fetched from vendors: from where, with which sealed secret, how far, and what went wrong."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.models.imports import DataSource, ImportRun


class Connection(models.Model):
    """How the files of one source are fetched. Claimed by a conditional update that sets lease and attempt. `position` moves to
    `next_position` only when `run`, the run of the file that was fetched, has stored it."""

    source = models.OneToOneField(DataSource, models.CASCADE, related_name="connection", verbose_name=_("source"))
    host = models.CharField(_("host"), max_length=253, help_text=_("Without https:// and path, as in acme.zendesk.com."))
    login = models.CharField(_("user"), max_length=254, blank=True)
    bucket = models.CharField(_("bucket"), max_length=63, blank=True)
    prefix = models.CharField(_("prefix"), max_length=512, blank=True, help_text=_("Where in the bucket the objects lie."))
    sealed = models.TextField(blank=True, editable=False)
    begins_on = models.DateField(
        _("fetch from"), help_text=_("The first day of the first pull; later ones go on from there. Another day here fetches anew from it.")
    )
    window_days = models.PositiveSmallIntegerField(
        _("days at once"), default=7, validators=[MinValueValidator(1), MaxValueValidator(366)],
        help_text=_("What lies back is fetched in steps of so many days where the vendor can be asked so, each a file of its own."),
    )  # fmt: skip
    every_hours = models.PositiveSmallIntegerField(_("every hours"), default=6, validators=[MinValueValidator(1), MaxValueValidator(168)])
    active = models.BooleanField(_("active"), default=True)
    position = models.JSONField(default=dict, blank=True, editable=False)
    next_position = models.JSONField(null=True, blank=True, editable=False)
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, blank=True, editable=False, related_name="+")
    more = models.BooleanField(default=False, editable=False)
    attempt = models.PositiveIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    next_at = models.DateTimeField(_("next pull"), default=timezone.now, editable=False)
    tried_at = models.DateTimeField(_("last tried"), null=True, blank=True, editable=False)
    succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True, editable=False)
    problem = models.JSONField(null=True, blank=True, editable=False)  # {"code": …, details}
    failures = models.PositiveSmallIntegerField(default=0, editable=False)  # one after the other

    class Meta:
        ordering = ["source__key"]
        verbose_name = _("connection")
        verbose_name_plural = _("connections")

    def __str__(self) -> str:
        return f"{self.source}: {self.host}"
