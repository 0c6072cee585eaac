"""Sites, teams, users, sources and runs."""

from datetime import UTC, date, datetime, timedelta

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone
from factory.django import DjangoModelFactory

from kpi import models as kpi

MOMENT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


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


class IntentPolicyFactory(DjangoModelFactory):
    class Meta:
        model = kpi.IntentPolicy

    intent = factory.SubFactory(IntentFactory)
    policy = kpi.IntentPolicy.Policy.AI_MAY_OFFER
    valid_from = factory.LazyFunction(lambda: MOMENT.date())
    signed_by = "A. Person"


class AnnotationFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Annotation

    day = MOMENT.date()
    text = "New telephone system"


class HolidayFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Holiday

    day = MOMENT.date()
    name = "Founders' Day"


class WellbeingSeenFactory(DjangoModelFactory):
    class Meta:
        model = kpi.WellbeingSeen

    mark = factory.Sequence(lambda n: f"mark-{n}")
    address = "an address"
    first_at = last_at = MOMENT
    username = "somebody"
    role = "executive"
    surface = kpi.WellbeingSeen.Surface.PAGE
    page = "overview"
    title = "All sites"
    first_day = MOMENT.date()
    end_day = MOMENT.date() + timedelta(days=28)


class ListOpenedFactory(DjangoModelFactory):
    class Meta:
        model = kpi.ListOpened

    username = factory.Sequence(lambda n: f"user{n}")
    role = "analyst"
    kind = "loops"
    surface = "page"
    start = date(2026, 3, 2)
    end = date(2026, 3, 30)


class ReportingGroupFactory(DjangoModelFactory):
    class Meta:
        model = kpi.ReportingGroup

    row = factory.SubFactory(TeamFactory)
    valid_from = date(2026, 3, 9)
    signed_by = "A. Person"


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
    file_name = factory.Sequence(lambda n: f"night-{n % 1000}.csv")
    state = kpi.ImportRun.State.DONE


class RejectedRowFactory(DjangoModelFactory):
    class Meta:
        model = kpi.RejectedRow

    run = factory.SubFactory(ImportRunFactory)
    line = factory.Sequence(lambda n: n + 2)
    problems = factory.LazyFunction(lambda: [{"column": "wait_s", "found": "-4", "problem": "negative", "expected": "0 or more"}])
    row = factory.LazyFunction(lambda: {"external_id": "c-1", "wait_s": "-4"})


class ImportTokenFactory(DjangoModelFactory):
    class Meta:
        model = kpi.ImportToken

    source = factory.SubFactory(DataSourceFactory)
    name = "telephony"
    prefix = factory.Sequence(lambda n: f"cw_{n:08d}")
    digest = factory.Sequence(lambda n: f"{n:064x}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class ConnectionFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Connection

    source = factory.SubFactory(DataSourceFactory, key="zendesk_tickets", format="zendesk_tickets")
    host = "acme.zendesk.com"
    login = "pulls@example.org"
    begins_on = MOMENT.date()


class ImportRequestFactory(DjangoModelFactory):
    class Meta:
        model = kpi.ImportRequest

    token = factory.SubFactory(ImportTokenFactory)
    key = factory.Sequence(lambda n: f"night-{n}")
    checksum = factory.Sequence(lambda n: f"{n:064x}")


class SenderUseFactory(DjangoModelFactory):
    class Meta:
        model = kpi.SenderUse

    sender = factory.Sequence(lambda n: f"token:{n}")
    hour = factory.LazyFunction(lambda: timezone.now().replace(minute=0, second=0, microsecond=0))


class ExportFactory(DjangoModelFactory):
    class Meta:
        model = kpi.Export

    owner = factory.SubFactory(UserFactory)
    form = "pdf"
    address = "/?period=4w"
    language = "en"
    asked_with = "executive"


class SourceMappingFactory(DjangoModelFactory):
    """A file of contacts with columns of its own."""

    class Meta:
        model = kpi.SourceMapping

    source = factory.SubFactory("tests.factories.organisation.DataSourceFactory", key="old_phone", format="mapped")
    number = 1
    content = factory.LazyFunction(
        lambda: {
            "record": "interactions_csv",
            "label": "Old telephone system",
            "encoding": "cp1252",
            "delimiter": ";",
            "zone": "Europe/Lisbon",
            "date_order": "day_first",
            "decimal_comma": True,
            "columns": [
                {"field": "external_id", "column": "Nr"},
                {"field": "started_at", "column": "Datum", "clock": "Uhrzeit"},
                {"field": "channel", "column": "Kanal", "values": {"Telefon": "voice"}},
                {"field": "talk_s", "column": "Dauer", "unit": "h:mm:ss"},
            ],
            "constants": {"queue": "general"},
        }
    )
