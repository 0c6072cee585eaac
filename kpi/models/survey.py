"""What customers answered and what reviewers scored, each tied to a contact by the id its system gave it."""

from django.db import models
from django.db.models import Q

from kpi.models.imports import DataSource, ImportRun


class Attached(models.Model):
    """A record that belongs to a contact; `interaction_ref` is the contact's external id, whether it arrived or not."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(DataSource, models.PROTECT, db_index=False, related_name="+")
    external_id = models.CharField(max_length=200)
    run = models.ForeignKey(ImportRun, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    first_run = models.ForeignKey(ImportRun, models.PROTECT, db_constraint=False, db_index=False, related_name="+")

    class Meta:
        abstract = True


class CustomerAnswer(Attached):
    """One answer to one question; score in the units of its scale."""

    class Question(models.TextChoices):
        CSAT = "csat"
        NPS = "nps"
        CES = "ces"
        RESOLVED = "resolved"

    interaction_ref = models.CharField(max_length=200, null=True)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField()
    question = models.CharField(max_length=8, choices=Question)
    scale = models.CharField(max_length=16)
    score = models.FloatField()
    comment = models.TextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="answer_identity"),
            models.CheckConstraint(name="answer_question_known", condition=Q(question__in=["csat", "nps", "ces", "resolved"])),
        ]
        indexes = [models.Index(fields=["interaction_ref"], name="answer_contact")]


class Invitation(Attached):
    """One invitation to answer about a contact, answered or not; without a question it asks for satisfaction among others."""

    interaction_ref = models.CharField(max_length=200)
    sent_at = models.DateTimeField()
    delivered = models.BooleanField(null=True)
    question = models.CharField(max_length=8, choices=CustomerAnswer.Question, null=True)
    channel = models.CharField(max_length=120, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="invitation_identity"),
            models.CheckConstraint(
                name="invitation_question_known", condition=Q(question__isnull=True) | Q(question__in=["csat", "nps", "ces", "resolved"])
            ),
        ]
        indexes = [models.Index(fields=["interaction_ref"], name="invitation_contact")]


class QualityReview(Attached):
    """One reviewed contact, 0-100."""

    interaction_ref = models.CharField(max_length=200)
    reviewed_at = models.DateTimeField()
    score = models.FloatField()
    critical_error = models.BooleanField(null=True)
    rater = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="review_identity"),
            models.CheckConstraint(name="review_score_0_100", condition=Q(score__gte=0, score__lte=100)),
        ]
        indexes = [models.Index(fields=["interaction_ref"], name="review_contact")]
