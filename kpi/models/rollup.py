"""Daily and weekly totals, and the ledger of what is due. Additive parts only: never a ratio."""

from django.db import models
from django.db.models import Q


class Slot(models.Model):
    """A stable place in the packed vector: (measure, part, stratum). Never renumbered, never reused."""

    id = models.AutoField(primary_key=True)
    measure = models.CharField(max_length=64)
    part = models.CharField(max_length=1)  # n, s (sum), q (squares)
    stratum = models.IntegerField(default=0)  # 0 = not stratified

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "part", "stratum"], name="slot_once")]


class StratumRow(models.Model):
    """Channel x intent group x machine only."""

    id = models.AutoField(primary_key=True)
    channel = models.CharField(max_length=64)
    intent_group = models.CharField(max_length=64)
    machine_only = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "intent_group", "machine_only"], name="stratum_once")]


class Cell(models.Model):
    """A combination that occurred; 0 stands for none. Members of the dimension "cell", for cross filters."""

    id = models.AutoField(primary_key=True)
    site = models.IntegerField()
    team = models.IntegerField()
    queue = models.IntegerField()
    channel = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "team", "queue", "channel"], name="cell_once")]


class Slice(models.Model):
    """One intent, or one value tier, at one site: a member of the dimension "intents" or "tiers". `value` is the id of the intent
    ("" for none), or "high" or "other"."""

    id = models.AutoField(primary_key=True)
    dimension = models.CharField(max_length=8)
    site = models.IntegerField()
    value = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dimension", "site", "value"], name="slice_once")]


class Rollup(models.Model):
    """The totals of one member of one dimension on one day or ISO week.

    `data` is a packed array of (slot: little-endian uint16, value: float64) pairs, sorted by slot (kpi/packing.py).
    """

    pk = models.CompositePrimaryKey("subject", "dimension", "grain", "member", "start")
    subject = models.CharField(max_length=16)
    dimension = models.CharField(max_length=8)  # all, site, team, queue, channel, intents, tiers, cell
    grain = models.CharField(max_length=1)  # d, w
    member = models.IntegerField()  # 0 for "all"
    start = models.DateField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(name="rollup_grain_known", condition=Q(grain__in=["d", "w"]))]
        indexes = [models.Index(fields=["subject", "grain", "start"], name="rollup_day")]


class DueDay(models.Model):
    """The ledger: a day of a subject is due while `due` is ahead of `done`. The persons' rows of a forgotten day are deleted: its
    totals are all that is left, and it is never due again."""

    pk = models.CompositePrimaryKey("subject", "day")
    subject = models.CharField(max_length=16)
    day = models.DateField()
    due = models.IntegerField(default=1)
    done = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="ledger_done_not_ahead", condition=Q(done__lte=models.F("due")))]


class DueKey(models.Model):
    """A customer whose chain changed although no row of it is marked: the old key of a corrected or removed row."""

    id = models.BigAutoField(primary_key=True)
    customer = models.BigIntegerField()
