"""What agents answered, by wave and team: never by agent id."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kpi.models import DataSource, ImportRun, Team


class Wave(models.Model):
    """One round of asking. Nothing of it is rolled up before `closed_on`; then it is frozen (metrics.md C7)."""

    code = models.CharField(_("code"), max_length=64, unique=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"))

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        ordering = ["-closed_on"]

    def __str__(self) -> str:
        return self.code


class WellbeingAnswer(models.Model):
    """One respondent's answers to one instrument in one wave. `respondent` is a pseudonym of the survey, not an agent."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(DataSource, models.PROTECT, db_index=False, related_name="+")
    external_id = models.CharField(max_length=200)
    run = models.ForeignKey(ImportRun, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    first_run = models.ForeignKey(ImportRun, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="answers")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    respondent = models.BigIntegerField()
    instrument = models.CharField(max_length=16)
    items = models.CharField(max_length=255, null=True)  # ";"-separated in questionnaire order, empty = skipped
    group_score = models.FloatField(null=True)
    group_n = models.IntegerField(null=True)
    group_sd = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="wellbeing_identity"),
            models.CheckConstraint(
                name="wellbeing_items_or_group",
                condition=models.Q(items__isnull=False, group_score__isnull=True)
                | models.Q(items__isnull=True, group_score__isnull=False, group_n__isnull=False),
            ),
        ]
