"""A slip in an option is refused with what would be right, and spoils nothing for the next import."""

from pathlib import Path

import pytest

from kpi import ingest
from kpi.models import DataSource, Site
from kpi.source import Refused
from tests import factories
from tests.kpi.ingest_help import contact, put, write

pytestmark = pytest.mark.django_db

SLIPS = {
    "zone": ("Mars/Phobos", "--zone Mars/Phobos: this is no time zone"),
    "delimiter": ("ab", "--delimiter ab: a delimiter is one character"),
    "encoding": ("klingon", "--encoding klingon: this encoding is not known"),
}


@pytest.mark.parametrize("option", SLIPS)
def test_a_slip_is_refused_and_the_next_import_is_not_spoilt(option: str, tmp_path: Path) -> None:
    path, (text, said) = write(tmp_path / "night.csv", [contact("a")]), SLIPS[option]
    with pytest.raises(Refused, match=said):
        ingest.open_run(path, "interactions_csv", chosen=ingest.Chosen(**{option: text}))
    assert not DataSource.objects.exists()
    assert put(path, [contact("a")]).fates.new == 1


def test_a_zone_that_is_nearly_right_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "night.csv", [contact("a")])
    with pytest.raises(Refused, match="Europe/Lisboa: this is no time zone; write one like Europe/Lisbon"):
        ingest.preview(path, "interactions_csv", chosen=ingest.Chosen(zone="Europe/Lisboa"))


def test_the_first_file_may_name_the_first_site_and_a_later_one_only_a_known_site(tmp_path: Path) -> None:
    path = write(tmp_path / "night.csv", [contact("a")])
    ingest.open_run(path, "interactions_csv", chosen=ingest.Chosen(site="harbour"))
    assert Site.objects.get().code == "harbour"
    with pytest.raises(Refused, match="--site harbuor: there is no such site; these exist: harbour"):
        ingest.open_run(path, "interactions_csv", chosen=ingest.Chosen(site="harbuor"))
    assert Site.objects.count() == 1


def test_a_known_site_is_taken(tmp_path: Path) -> None:
    factories.SiteFactory(code="harbour")
    path = write(tmp_path / "night.csv", [contact("a")])
    run, _existed = ingest.open_run(path, "interactions_csv", chosen=ingest.Chosen(site="harbour"))
    assert run.source.site is not None
    assert run.source.site.code == "harbour"
