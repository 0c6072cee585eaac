"""How exactly a figure about people is told (metrics.md C6)."""

import pytest

from kpi.anonymity import Release, band, count_band, detail_allowed, publish_sensitive, share_text, whole_share


@pytest.mark.parametrize(
    ("n", "low", "text"),
    [(10, 10, "10-14"), (14, 10, "10-14"), (15, 15, "15-19"), (99, 95, "95-99"), (100, 100, "100+"), (250, 100, "100+")],
)
def test_people_are_counted_in_bands_of_five(n: int, low: int, text: str) -> None:
    assert (band(n), count_band(n)) == (low, text)


def test_a_page_may_set_its_own_dash_between_the_ends_of_a_band() -> None:
    assert (count_band(12, "–"), count_band(120, "–")) == ("10–14", "100+")


@pytest.mark.parametrize(
    ("share", "text", "number"),
    [(0.0, "<=5", 0.05), (0.05, "<=5", 0.05), (0.07, "5", 0.05), (0.075, "10", 0.1), (0.12, "10", 0.1), (0.125, "15", 0.15),
     (0.93, "95", 0.95), (0.95, ">=95", 0.95), (1.0, ">=95", 0.95)],
)  # fmt: skip
def test_a_share_leaves_by_five_per_cent_and_never_as_unanimous(share: float, text: str, number: float) -> None:
    assert (share_text(share), whole_share(share)) == (text, number)


def test_a_share_that_was_rounded_once_stays_as_it_is() -> None:
    assert [whole_share(whole_share(tick / 100)) for tick in range(101)] == [whole_share(tick / 100) for tick in range(101)]


def test_twelve_answers_of_twenty_people_leave_as_a_whole_mean_and_a_band() -> None:
    assert publish_sensitive(n=12, headcount=20, mean=58.5, share=0.22) == Release(True, 59, "10-14", "20")


def test_nothing_leaves_about_nine_answers_or_about_nine_people() -> None:
    assert publish_sensitive(n=9, headcount=14, mean=58.4, share=0.22) == Release(False)
    assert publish_sensitive(n=6, headcount=9, mean=58.4, share=0.22, k=5) == Release(False)


def test_extremes_and_distributions_need_thirty_answers() -> None:
    assert [detail_allowed(n) for n in (10, 29, 30, 31)] == [False, False, True, True]


def test_what_cannot_be_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"a share lies between 0 and 1, not 1\.2"):
        share_text(1.2)
    with pytest.raises(ValueError, match="21 answers cannot come from 20 people"):
        publish_sensitive(n=21, headcount=20, mean=None, share=None)
    with pytest.raises(ValueError, match="0 or more"):
        band(-1)
