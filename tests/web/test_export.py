"""The panel as a file: equal to the page, never a formula, never a saving without its companions."""

import csv
import io
import itertools
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from kpi import api
from kpi.export import BOM, HEADER, inert, panel_rows, render_csv
from kpi.metric import Family
from kpi.result import Panel
from tests.web.sample_panel import sample_panel, withheld_panel
from tests.web.test_api import member

URL = "/export/panel.csv"
SAVING = "fte_reduction"


def table(text: str) -> list[dict[str, str]]:
    """The rows below the header, as a spreadsheet reads them."""
    rows = list(csv.reader(io.StringIO(text.removeprefix(BOM))))
    at = rows.index(list(map(str, HEADER)))
    return [dict(zip(map(str, HEADER), row, strict=True)) for row in rows[at + 1 :]]


@pytest.fixture
def executive(monkeypatch: pytest.MonkeyPatch, db: None) -> Client:
    monkeypatch.setattr(api, "build_panel", lambda viewer, query: sample_panel(query))
    return member("executive")


def test_the_file_says_what_the_panel_says_to_the_last_digit(executive: Client) -> None:
    answer = executive.get(URL)
    rows = table(answer.content.decode())
    panel = sample_panel()
    shown = [row for row in rows if row["section"] == "panel"]
    for row, column in zip(shown, panel.columns, strict=True):
        result = column.result
        assert (float(row["value"]), float(row["low"]), float(row["high"])) == (result.value, result.low, result.high)
        assert (row["text"], row["interval"], row["sample"]) == (result.text, result.interval_text, result.sample_text)
        assert (row["status"], row["change_text"]) == (str(result.status), column.change.text)
        assert (row["period_start"], row["period_end"]) == (result.period_start.isoformat(), result.period_end.isoformat())
        assert (row["data_as_of"], row["definition_version"]) == (result.data_as_of.isoformat(), "1")
    assert len([row for row in rows if row["section"] == "team"]) == 4 * len(panel.teams)
    trend = [row for row in rows if row["section"] == "trend"]
    assert len(trend) == 4 * len(panel.trend)
    assert all(row["unit"] and row["sample"] for row in trend if row["value"])


def test_it_is_utf8_with_a_mark_and_is_a_download(executive: Client) -> None:
    answer = executive.get(URL)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="counterweight_')


def test_filters_freshness_and_versions_stand_on_top() -> None:
    head = list(itertools.takewhile(bool, panel_rows(sample_panel())))
    text = "\n".join(" | ".join(map(str, row)) for row in head)
    assert "Filters | none" in text
    assert "Data | Data to 4 Oct 2026 · loaded 5 Oct 02:14 · 99.6 % of rows accepted | 2026-10-04" in text
    assert "csat 1; agent_wellbeing_index 1; resolution_quality 1; fte_reduction 1" in text
    assert "Warning | No contacts were loaded for 1 June to 7 June 2026" in text
    assert "Note | Wellbeing is shown for groups of 10 and more." in text


@pytest.mark.parametrize("panel", [sample_panel(), withheld_panel()], ids=["sample", "withheld"])
def test_every_group_of_rows_with_a_saving_holds_its_three_companions(panel: Panel) -> None:
    rows = table(render_csv(panel_rows(panel)))
    companions = {column.result.metric for column in panel.columns if column.result.family is not Family.SAVINGS}
    of_numbers = [row for row in rows if row["section"] in ("panel", "team", "trend")]
    of_steps = [row for row in rows if row["section"] == "step"]
    groups = [
        list(group) for _key, group in itertools.groupby(of_numbers, key=lambda row: (row["section"], row["row"], row["period_start"]))
    ]
    groups = [group[i : i + 4] for group in groups for i in range(0, len(group), 4)] + ([of_steps] if of_steps else [])
    assert len(groups) >= 1 + len(panel.trend)
    for group in groups:
        named = {row["metric"] for row in group}
        assert companions < named
        assert any(metric.startswith(SAVING) for metric in named)


def test_a_withheld_saving_leaves_no_figure_and_its_reason() -> None:
    rows = table(render_csv(panel_rows(withheld_panel())))
    savings = [row for row in rows if row["metric"].startswith(SAVING)]
    assert savings
    for row in savings:
        assert (row["value"], row["low"], row["high"], row["n"]) == ("", "", "", "")
        assert withheld_panel().columns[3].result.why[0] in row["reasons"]
    assert not [row for row in rows if row["section"] == "step"]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\u200b=1",
        "\x00=1",
        "＝1+1",
        "＋1",
        "－1+1",
        "＠a",
        " =1+1",
        "\u00a0=1",
        "\u3000=1",
        "-",
        "+",
        "=",
        "\tx",
    ],
)
def test_a_cell_that_would_run_becomes_inert_text(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("between", ["\t", "\r", "\n", "; ", ";"])
@pytest.mark.parametrize("before", ["", "Lark", 'Lark";'])
def test_nothing_runs_where_a_spreadsheet_of_another_country_begins_a_cell(before: str, between: str) -> None:
    found = str(inert(f"{before}{between}=cmd|' /C calc'!A0"))
    assert f"{between}'=cmd" in found
    assert not re.search(r"[;\t\r\n]\s*=", found)


@pytest.mark.parametrize("cell", [-3.2, -7, 0, None, "-3.2", "+3,5", "-1e-5", "−0.5 pt", "▼ 6", "a=b", "", " ", "81.4"])
def test_numbers_and_plain_words_stay_as_they_are(cell: Any) -> None:
    assert inert(cell) == cell


def test_a_team_named_like_a_formula_does_not_run_and_a_negative_saving_stays_a_number() -> None:
    panel = sample_panel()
    saving = replace(panel.teams[0].columns[3].result, value=-3.25, low=-4.0, high=-2.5, text="−3.3")
    columns = (*panel.teams[0].columns[:3], replace(panel.teams[0].columns[3], result=saving))
    row = replace(panel.teams[0], label='=HYPERLINK("http://x";"y")', columns=columns)  # type: ignore[arg-type]
    text = render_csv(panel_rows(replace(panel, teams=(row,))))
    assert ',-3.25,"−3.3",' in text
    assert '"\'=HYPERLINK(""http://x"";""y"")"' in text


def test_a_filter_that_is_not_understood_is_400_and_a_manager_gets_nothing_of_another_team(executive: Client, lark: Any, wren: Any) -> None:
    assert executive.get(URL, {"team": "999999"}).status_code == 400
    answer = member("manager", lark).get(URL, {"team": wren.pk})
    assert answer.status_code == 400
    assert "Wren" not in answer.content.decode()


def test_nobody_is_sent_to_the_log_in_and_a_role_without_dashboards_is_refused(executive: Client) -> None:
    assert Client().get(URL)["Location"] == "/login/?next=/export/panel.csv"
    assert member("steward").get(URL).status_code == 403
    assert executive.post(URL).status_code == 405
