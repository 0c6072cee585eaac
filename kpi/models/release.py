"""Which groups of people figures were released about: the memory that keeps a second question from answering what the first withheld."""

from django.db import models


class ReleasedSet(models.Model):
    """A set of teams about whose answers in one wave a figure was shown (metrics.md C5, C8): rule, scope and time, never the value.

    Teams are never split within a wave, so a set of teams stands for the set of their respondents. Rows are added and never changed.
    """

    id = models.BigAutoField(primary_key=True)
    question = models.CharField(max_length=64, blank=True)  # the measure whose answers the figure is made of; empty: all of the wave
    wave = models.DateField()  # its closing day
    teams = models.TextField()  # primary keys in ascending order, joined by commas
    digest = models.CharField(max_length=64)  # of `teams`, so that a set of any length is there once
    k = models.IntegerField()  # the smallest group in force then
    standard = models.BooleanField(default=False)  # shown on the ordinary pages: the company, a site, a team
    released_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "wave", "digest"], name="released_set_once")]

    def __str__(self) -> str:
        return f"{self.question or 'wave'} {self.wave}: {self.teams}"
