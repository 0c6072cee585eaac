"""The page of scenarios: founding figures, refusals in the words of the arithmetic, and no saving foreseen without its companions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from kpi import sheet
from kpi.metric import Family, Status
from kpi.models import Membership
from kpi.result import Panel, Query, Result
from staffing.forms import GROUPS
from staffing.views import starts
from tests.web.sample_panel import result, sample_panel, withheld_panel
from tests.web.test_pages import answers_with, client_of, text_of

pytestmark = pytest.mark.django_db
CELLS = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> dict[str, Result]:
    """What is measured about today's work."""
    found: dict[str, Result] = {}
    monkeypatch.setattr(sheet, "build_figures", lambda viewer, query, keys: found)
    return found


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, figures: dict[str, Result]) -> Client:
    answers_with(monkeypatch, sample_panel)
    return client_of()


def rows(page: Any, section: str) -> list[list[str]]:
    body = page.content.decode().split(f'id="{section}"')[1].split("</table>")[0]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in CELLS.findall(row)] for row in body.split("<tr>")[1:]]


def test_the_founding_figures_stand_in_their_three_ways_of_rounding(reader: Client) -> None:
    _head, seed, plan, exact = rows(reader.get("/scenarios/"), "calculator")
    assert seed[1:] == ["96", "104", "16", "106", "94", "36"]
    assert plan[1:] == ["96.00", "105", "0", "106.67", "94", "0"]
    assert exact[1:] == ["96.00", "104.17", "0", "106.67", "93.75", "0"]


def test_the_claim_is_solved_for_what_it_does_not_say(reader: Client) -> None:
    page = reader.get("/scenarios/")
    assert "holds only if 58.3 % of the WORKLOAD is simple" in text_of(page)
    assert [row[1] for row in rows(page, "claim")[1:]] == ["50.0", "30.8", "56.5", "55.4", "45.5"]


def test_the_agents_of_an_interval_are_those_of_the_check_in_the_definition(reader: Client) -> None:
    page = reader.get("/scenarios/")
    assert "14 agents on the queue answer 88.8 % within 20 s" in text_of(page)
    assert "20 people have to be scheduled" in text_of(page)
    head, *lines = rows(page, "agents")
    assert ([row[0] for row in lines], len(head)) == (["12", "13", "14: enough", "15", "16"], 4)
    ten = rows(reader.get("/scenarios/", {"a_level": "0", "a_most": ""}), "agents")
    assert ten[1][1:] == ["0.0\u202f%", "the queue grows without end", "100.0\u202f%"]  # 9 agents for 10 erlangs


def test_who_hangs_up_is_counted_and_is_no_saving(reader: Client) -> None:
    question = {"a_calls": "2880", "a_minutes": "60", "a_aht": "60", "a_level": "50", "a_most": "", "a_patience": "120"}
    page = reader.get("/scenarios/", question)
    [line] = [row for row in rows(page, "agents") if row[0].startswith("50")]
    assert (line[2], line[3], line[4], line[6], line[7]) == ("20.8", "96.0\u202f%", "3.1\u202f%", "3.7", "93.0\u202f%")  # the check of E4
    assert "hang up" in text_of(page)
    crowded = text_of(reader.get("/scenarios/", question | {"a_level": "0"}))
    assert "Who hangs up is not a saving." in crowded


def test_the_targets_of_the_founding_texts_contradict_each_other(reader: Client) -> None:
    assert "20.0 % would be left to nobody" in text_of(reader.get("/scenarios/"))
    assert "These targets can hold together" in text_of(reader.get("/scenarios/", {"t_most": "40"}))


def test_the_panel_stands_on_the_page_and_beside_the_outlook(reader: Client) -> None:
    words = text_of(reader.get("/scenarios/"))
    for figure in ("81.4 %", "58 / 100", "72 / 100", "9.6 FTE"):
        assert words.count(figure) == 3, "the panel, the line that stays in view, and beside the outlook"
    assert "In 3 years" in words


def test_an_outlook_is_withheld_where_a_companion_is_missing(monkeypatch: pytest.MonkeyPatch, figures: dict[str, Result]) -> None:
    answers_with(monkeypatch, withheld_panel)
    words = text_of(client_of().get("/scenarios/"))
    assert "The outlook is not shown." in words
    assert "Withheld." in words
    assert "In 3 years" not in words


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"contacts": "0"}, "The number of contacts a year cannot be 0: more than 0 and at most 1 000 000 000"),
        ({"contacts": "-5"}, "The number of contacts a year cannot be -5"),
        ({"occupancy": "130"}, "Occupancy cannot be 1.3: nobody works more than all of the time"),
        ({"years": "9"}, "The number of years cannot be 9"),
        ({"years": "3.5"}, "The number of years cannot be 3.5"),
        ({"attrition": "-5"}, "Attrition is a share and cannot be -0.05"),
        ({"d_attrition": "200"}, "The doubt about attrition is a share"),
        ({"c_hours": "30"}, "A working day cannot have 30"),
        ({"c_contacts": "0"}, "The number of contacts a day cannot be 0"),
        ({"c_occupancy": "85"}, "The founding texts know no occupancy or shrinkage"),
        ({"a_level": "100"}, "A service level of 1.0 cannot be promised"),
        ({"a_minutes": "0"}, "The interval in seconds"),
        ({"a_patience": "0"}, "Patience in seconds"),
        ({"k_after": "5"}, "No simple share from 0 to 1 takes 100 FTE to 5"),
        ({"t_most": "120"}, "Human handled max is a share"),
    ],
)
def test_what_cannot_be_is_refused_in_the_words_of_the_arithmetic(reader: Client, question: dict[str, str], sentence: str) -> None:
    page = reader.get("/scenarios/", question)
    assert page.status_code == 200
    assert sentence in text_of(page)


@pytest.mark.parametrize("value", ["x", "nan", "1e400", "1e308", "-1e300", "٣", "\x00", "9" * 400, "<b>"])
@pytest.mark.parametrize("name", ["contacts", "aht", "years", "gain", "c_before", "k_gain", "t_before", "d_return_aht_ratio"])
def test_nonsense_in_the_address_is_named_and_the_page_opens(reader: Client, name: str, value: str) -> None:
    assert reader.get("/scenarios/", {name: value}).status_code == 200


def test_a_number_that_is_none_is_named_and_the_start_is_kept(reader: Client) -> None:
    page = reader.get("/scenarios/", {"c_before": "three hundred"})
    assert "Handling time before, s: this is no number. The value it started with is used." in text_of(page)
    assert rows(page, "calculator")[1][1] == "96"


def test_it_starts_from_what_is_measured_here(reader: Client, figures: dict[str, Result]) -> None:
    figures["aht"] = result(Family.RESOLUTION, 713, 5, 900)
    figures["occupancy"] = Result(**{**vars(result(Family.CUSTOMER, 84.1, 1, 900)), "status": Status.SUPPRESSED, "value": None})
    content = reader.get("/scenarios/").content.decode()
    assert re.search(r'name="aht" value="713"', content)
    assert re.search(r'name="occupancy" value="85"', content), "a figure that is protected is not the start of anything"


def test_without_separations_the_surplus_stays_as_relief(reader: Client) -> None:
    question = {"contacts": "100000", "people": "20", "attrition": "0"}
    cut, kept = (text_of(reader.get("/scenarios/", question | more)) for more in ({}, {"no_separations": "on"}))
    assert "FTE are separated" in cut
    assert "Nobody is separated" in kept


def test_every_assumption_and_filter_stays_in_the_address(reader: Client) -> None:
    content = reader.get("/scenarios/", {"growth": "4", "period": "26w"}).content.decode()
    assert re.search(r'name="growth" value="4"', content)
    assert '<input type="hidden" name="period" value="26w">' in content


def test_an_optional_number_can_be_emptied(reader: Client) -> None:
    assert "These targets can hold together" in text_of(reader.get("/scenarios/", {"t_most": "", "t_resolution": "60"}))


def test_the_question_of_the_panel_is_that_of_the_filters(monkeypatch: pytest.MonkeyPatch, figures: dict[str, Result]) -> None:
    asked: list[Query] = answers_with(monkeypatch, sample_panel)
    client_of(Membership.Role.ANALYST).get("/scenarios/", {"period": "4w"})
    assert [query.period_key for query in asked] == ["4w"]


def test_single_figures_are_no_savings(db: None, lark: Any) -> None:
    from kpi.forms import last_weeks
    from kpi.result import Viewer
    from tests.web.sample_panel import AS_OF

    found = sheet.build_figures(Viewer("executive"), Query(last_weeks(AS_OF, 13)), ("aht", "fte_reduction", "no_such"))
    assert set(found) == {"aht"}
    assert isinstance(sample_panel(Query(last_weeks(AS_OF, 13))), Panel)


def figure_of(page: Any) -> Any:
    found = re.search(r'<script id="outlook-figure-data" type="application/json">(.*?)</script>', page.content.decode(), re.S)
    return json.loads(found[1]) if found else None


def test_the_outlook_is_drawn_from_the_numbers_of_its_table(reader: Client) -> None:
    page = reader.get("/scenarios/", {"contacts": "100000", "growth": "-5", "gain": "20", "attrition": "4"})
    _head, now, *years = rows(page, "outlook")
    band, least, most, need, stay = figure_of(page)["data"]
    assert [f"{value:.1f}" for value in need["y"]] == [row[2] for row in (now, *years)]
    ends = [f"{low:.1f} to {high:.1f}" for low, high in zip(least["y"], most["y"], strict=True)]
    assert ends[1:] == [row[4] for row in years]
    half = len(band["y"]) // 2
    inside = [f"{low:.1f} to {high:.1f}" for low, high in zip(reversed(band["y"][half:]), band["y"][:half], strict=True)]
    assert inside[1:] == [row[3] for row in years]
    assert [f"{value:.1f}" for value in stay["y"]] == [row[12] for row in (now, *years)]
    assert need["x"] == ["now", "year 1", "year 2", "year 3"]


def test_the_picture_of_the_outlook_is_told_in_words_and_only_drawn_by_files_of_ours(reader: Client) -> None:
    content = reader.get("/scenarios/").content.decode()
    assert 'aria-describedby="outlook-figure-words"' in content
    assert "In 3 years" in content.split('id="outlook-figure-words"')[1].split("</div>")[0]
    scripts = re.findall(r"<script(?! id=)[^>]*>(.*?)</script>", content, re.S)
    assert set(scripts) == {""}, "no script stands in the page"


def test_nobody_separated_ends_with_more_people_than_are_needed(reader: Client) -> None:
    question = {"contacts": "100000", "gain": "30", "attrition": "0"}
    *_rest, need, stay = figure_of(reader.get("/scenarios/", question))["data"]
    assert stay["y"][-1] > need["y"][-1]
    kept = rows(reader.get("/scenarios/", question | {"no_separations": "on"}), "outlook")[-1]
    assert kept[11] == kept[12] == f"{stay['y'][-1]:.1f}"


def test_what_is_withheld_or_refused_is_not_drawn(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert figure_of(reader.get("/scenarios/", {"occupancy": "130"})) is None
    answers_with(monkeypatch, withheld_panel)
    assert figure_of(reader.get("/scenarios/")) is None


def test_the_calculator_is_filled_in_with_nothing_that_was_measured(monkeypatch: pytest.MonkeyPatch, figures: dict[str, Result]) -> None:
    """It may say what it finds beside a withheld saving, for it knows nothing of this centre."""
    answers_with(monkeypatch, withheld_panel)
    figures.update({key: result(Family.RESOLUTION, 31, 2, 900) for key in ("contained_share", "aht", "occupancy", "shrinkage")})
    page = client_of().get("/scenarios/")
    own = {item.name for group in ("calculator", "claim", "targets", "agents") for item in GROUPS[group]}
    assert not own & set(starts(withheld_panel(), figures))
    _head, seed, _plan, exact = rows(page, "calculator")
    assert (seed[2], exact[2]) == ("104", "104.17")
    assert "no saving of your centre" in text_of(page)


def test_what_becomes_of_people_stands_beside_its_band(reader: Client) -> None:
    words = text_of(reader.get("/scenarios/"))
    assert re.search(r"[0-9.]+ \([0-9.]+ to [0-9.]+ in 95 of 100 courses\) are hired", words)


def values(page: Any, *names: str) -> list[str]:
    text = page.content.decode()
    return [re.search(rf'name="{name}"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="{name}"', text).group(1) for name in names]  # type: ignore[union-attr]


def test_the_page_begins_with_an_example_that_says_so_and_leads_to_the_others(reader: Client, figures: dict[str, Result]) -> None:
    figures["contained_share"] = result(Family.RESOLUTION, 0.2, 0.01, 900)
    page = reader.get("/scenarios/")
    text = text_of(page)
    assert "An example: contacts stop growing, and the AI takes 35 % of them in the last year." in text
    assert "Every number below can be changed." in text
    assert values(page, "growth", "contained", "containment") == ["0", "20", "35"]
    assert re.search(r"will be needed.*today’s work needs", text)
    links = re.findall(r'href="(/scenarios/\?[^"]*example=[^"]*)"', page.content.decode())
    assert {re.search(r"example=(\w+)", link)[1] for link in links} == {"growth_goes_on", "today"}  # type: ignore[index]


def test_what_is_measured_today_stands_with_its_doubt_and_its_sample(reader: Client, figures: dict[str, Result]) -> None:
    found = result(Family.RESOLUTION, 0.2, 0.01, 900)
    figures["contained_share"] = replace(found, margin_text="±1.0", sample_text="900 contacts")
    assert "now, measured: ±1.0, 900 contacts" in text_of(reader.get("/scenarios/"))
    figures["contained_share"] = replace(found, value=None, status=Status.SUPPRESSED)
    unknown = text_of(reader.get("/scenarios/"))
    assert "now, measured: ±1.0" not in unknown
    assert "0 % now" not in unknown, "what is unknown is never zero"


def test_an_example_is_in_the_address_of_a_link_with_the_filters_of_the_page(reader: Client, figures: dict[str, Result]) -> None:
    figures["contained_share"] = result(Family.RESOLUTION, 0.9, 0.01, 900)
    grows = reader.get("/scenarios/", {"example": "growth_goes_on", "period": "52w"})
    assert "contacts go on growing by 10 % a year, and the AI takes 95 % of them" in text_of(grows), "no more than nearly all"
    assert values(grows, "growth", "containment") == ["10", "95"]
    [link] = re.findall(r'class="button" href="(/scenarios/[^"]*example=today)"', grows.content.decode())
    assert "period=52w" in link
    today = reader.get(link.replace("&amp;", "&"))
    assert "Today’s values: nothing changes over the years." in text_of(today)
    assert values(today, "growth", "contained", "containment") == ["0", "90", "90"]


def test_numbers_of_ones_own_are_no_example_and_an_unknown_one_is_named(reader: Client) -> None:
    own = text_of(reader.get("/scenarios/", {"growth": "3"}))
    assert "An example: contacts" not in own
    assert values(reader.get("/scenarios/", {"growth": "3"}), "containment") == ["0"], "what is left out stands as it is today"
    odd = text_of(reader.get("/scenarios/", {"example": "<b>"}))
    assert "This example is not known; the first one is shown." in odd
    assert "An example: contacts stop growing" in odd


def test_a_file_begins_with_the_same_example_as_the_page(reader: Client) -> None:
    page, today = (reader.get("/export/scenarios.csv", question).content.decode() for question in ({}, {"example": "today"}))
    assert page != today
    assert page == reader.get("/export/scenarios.csv", {"example": "growth_stops"}).content.decode()
