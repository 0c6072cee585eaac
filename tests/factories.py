"""One factory per model, valid by default: `InteractionFactory(team=lark, resolved=True)`."""

from datetime import UTC, date, datetime, timedelta

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

from kpi import models as kpi
from kpi.packing import pack
from staffing import models as staffing
from wellbeing import models as wellbeing

MOMENT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
HIRED = date(2025, 1, 1)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"user{n}")
    password = factory.django.Password("correct horse battery")


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Site

    code = factory.Sequence(lambda n: f"site-{n}")
    name = factory.LazyAttribute(lambda row: row.code.title())
    zone = "UTC"


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Team

    code = factory.Sequence(lambda n: f"team-{n}")
    name = factory.LazyAttribute(lambda row: row.code.title())
    site = factory.SubFactory(SiteFactory)


class QueueFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Queue
        django_get_or_create = ("code",)

    code = "general"
    name = factory.LazyAttribute(lambda row: row.code.title())


class ChannelFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Channel
        django_get_or_create = ("code",)

    code = "voice"
    name = factory.LazyAttribute(lambda row: row.code.title())


class IntentFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Intent
        django_get_or_create = ("code",)

    code = "billing"
    name = factory.LazyAttribute(lambda row: row.code.title())
    group = factory.LazyAttribute(lambda row: row.code)


class AnnotationFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Annotation

    day = MOMENT.date()
    text = "New telephone system"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Membership
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    role = kpi.Membership.Role.EXECUTIVE

    @factory.post_generation
    def teams(self, create: bool, extracted: list[kpi.Team] | None, **kwargs: object) -> None:
        if create and extracted:
            self.teams.set(extracted)


class DataSourceFactory(DjangoModelFactory):
    class Meta:
        model = kpi.DataSource
        django_get_or_create = ("key",)

    key = "telephony"
    format = "interactions_csv"
    zone = "UTC"


class ImportRunFactory(DjangoModelFactory):
    class Meta:
        model = kpi.ImportRun

    source = factory.SubFactory(DataSourceFactory)
    checksum = factory.Sequence(lambda n: f"{n:064x}")
    file_name = factory.Sequence(lambda n: f"night-{n}.csv")
    state = kpi.ImportRun.State.DONE


class RejectedRowFactory(DjangoModelFactory):
    class Meta:
        model = kpi.RejectedRow

    run = factory.SubFactory(ImportRunFactory)
    line = factory.Sequence(lambda n: n + 2)
    problems = factory.LazyFunction(lambda: [{"column": "wait_s", "found": "-4", "problem": "negative", "expected": "0 or more"}])
    row = factory.LazyFunction(lambda: {"external_id": "c-1", "wait_s": "-4"})


class Imported(DjangoModelFactory):
    """What every stored record carries."""

    class Meta:
        abstract = True

    run = factory.SubFactory(ImportRunFactory)
    first_run = factory.SelfAttribute("run")
    source = factory.SelfAttribute("run.source")
    external_id = factory.Sequence(lambda n: f"r-{n}")


class InteractionFactory(Imported):
    class Meta:
        model = kpi.Interaction

    team = factory.SubFactory(TeamFactory)
    site = factory.LazyAttribute(lambda row: row.team.site)
    queue = factory.SubFactory(QueueFactory)
    channel = factory.SubFactory(ChannelFactory)
    intent = factory.SubFactory(IntentFactory)
    agent = 101
    customer = factory.Sequence(lambda n: 5_000_000 + n)
    started_at = MOMENT
    ended_at = factory.LazyAttribute(lambda row: row.started_at + timedelta(minutes=5))
    day = factory.LazyAttribute(lambda row: (row.ended_at or row.started_at).date())
    handled_by = kpi.Interaction.HandledBy.HUMAN
    abandoned = False
    wait_s = 20.0
    talk_s = 240.0
    hold_s = 0.0
    wrap_s = 40.0


class CustomerAnswerFactory(Imported):
    class Meta:
        model = kpi.CustomerAnswer

    interaction_ref = factory.Sequence(lambda n: f"r-{n}")
    answered_at = MOMENT + timedelta(hours=1)
    question = kpi.CustomerAnswer.Question.CSAT
    scale = "1-5"
    score = 5.0


class QualityReviewFactory(Imported):
    class Meta:
        model = kpi.QualityReview

    interaction_ref = factory.Sequence(lambda n: f"r-{n}")
    reviewed_at = MOMENT + timedelta(days=1)
    score = 90.0
    critical_error = False


class SlotFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Slot

    measure = factory.Sequence(lambda n: f"measure_{n}")
    part = "n"


class StratumRowFactory(DjangoModelFactory):
    class Meta:
        model = kpi.StratumRow
        django_get_or_create = ("channel", "intent_group", "machine_only")

    channel = "voice"
    intent_group = "billing"
    machine_only = False


class CellFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Cell
        django_get_or_create = ("site", "team", "queue", "channel")

    site = 0
    team = 0
    queue = 0
    channel = 0


class RollupFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Rollup

    subject = "interaction"
    dimension = "all"
    grain = "d"
    member = 0
    start = factory.Sequence(lambda n: MOMENT.date() + timedelta(days=n))
    data = factory.LazyFunction(lambda: pack({1: 1.0}))


class DueDayFactory(DjangoModelFactory):
    class Meta:
        model = kpi.DueDay

    subject = "interaction"
    day = factory.Sequence(lambda n: MOMENT.date() + timedelta(days=n))


class DueKeyFactory(DjangoModelFactory):
    class Meta:
        model = kpi.DueKey

    customer = factory.Sequence(lambda n: 5_000_000 + n)


class WaveFactory(DjangoModelFactory):
    class Meta:
        model = wellbeing.Wave
        django_get_or_create = ("code",)

    code = "2026-03"
    closed_on = date(2026, 3, 20)


class WellbeingAnswerFactory(Imported):
    class Meta:
        model = wellbeing.WellbeingAnswer

    wave = factory.SubFactory(WaveFactory)
    team = factory.SubFactory(TeamFactory)
    respondent = factory.Sequence(lambda n: 9_000_000 + n)
    instrument = "who5"
    items = "4;4;3;4;3"


class AgentDayFactory(Imported):
    class Meta:
        model = staffing.AgentDay

    day = MOMENT.date()
    agent = factory.Sequence(lambda n: 100 + n)
    team = factory.SubFactory(TeamFactory)
    paid_s = 28_800.0
    on_queue_s = 22_000.0
    handling_s = 18_000.0
    waiting_s = 4_000.0
    pause_s = 3_600.0


class EmploymentFactory(Imported):
    class Meta:
        model = staffing.Employment

    agent = factory.Sequence(lambda n: 100 + n)
    team = factory.SubFactory(TeamFactory)
    role = "agent"
    started_on = HIRED
    contract_fte = 1.0


class ReskillingStepFactory(Imported):
    class Meta:
        model = staffing.ReskillingStep

    person = factory.Sequence(lambda n: 100 + n)
    from_role = "agent"
    to_role = "conversation designer"
    stage = staffing.ReskillingStep.Stage.ENROLLED
    on = MOMENT.date()


class Signed(DjangoModelFactory):
    """What somebody stands for."""

    class Meta:
        abstract = True

    signed_by = "A. Okafor"
    signed_on = date(2026, 1, 5)


class BaselineFactory(Signed):
    class Meta:
        model = staffing.Baseline

    go_live = date(2025, 9, 29)
    first_day = date(2025, 6, 30)


class StaffingAssumptionFactory(Signed):
    class Meta:
        model = staffing.StaffingAssumption

    valid_from = HIRED


class CostFactory(Signed):
    class Meta:
        model = staffing.Cost

    kind = staffing.Cost.Kind.LOADED_FTE
    valid_from = HIRED
    amount = 48_000


def staffed_team(name: str, *, people: int, site: kpi.Site) -> kpi.Team:
    """A team of the cast with that many people employed since HIRED."""
    team = TeamFactory(code=name.lower(), name=name, site=site)
    EmploymentFactory.create_batch(people, team=team, run__source=DataSourceFactory(key="staff", format="employment_csv"))
    return team
