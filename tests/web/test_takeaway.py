"""PDF and PNG as jobs: made under the rights of that moment, handed out under those of this one, to their owner alone."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from kpi import panel as door
from kpi import printing, tasks
from kpi.models import Export, Membership, Team
from kpi.printing import browser, document, work
from kpi.printing.paper import Printed
from tests import factories
from tests.web.sample_panel import sample_panel
from tests.web.test_pages import answers_with, client_of

pytestmark = pytest.mark.django_db
SENTENCE = "PDF and PNG need Chromium"


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> list[str]:
    """A browser that gives the document back, and keeps it; bells that nobody hears."""
    seen: list[str] = []

    def give_back(html: str, form: str, report: Any) -> Printed:
        seen.append(html)
        report(75)
        return Printed(b"%PDF- " + form.encode(), "All sites")

    answers_with(monkeypatch, sample_panel)
    monkeypatch.setattr(work, "print_document", give_back)
    monkeypatch.setattr(browser, "find_browser", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: None)
    settings.DATA_DIR = tmp_path
    return seen


def ask(client: Client, address: str = "/", form: str = "pdf") -> Export:
    answer = client.post("/exports/", {"address": address, "form": form})
    assert (answer.status_code, answer["Location"]) == (302, "/exports/")
    return Export.objects.latest("pk")


def made(client: Client, address: str = "/") -> Export:
    export = ask(client, address)
    assert printing.make(export.pk) == "done"
    export.refresh_from_db()
    return export


def text(client: Client) -> str:
    return str(client.get("/exports/").content.decode())


def test_a_page_is_asked_for_made_told_of_and_handed_out(printed: list[str]) -> None:
    client = client_of()
    export = ask(client)
    assert "waits for a worker" in text(client)
    assert "exports of yours" not in client.get("/").content.decode()
    assert printing.make(export.pk) == "done"
    assert "An export of yours has ended." in client.get("/").content.decode()
    assert f'href="/exports/{export.pk}/"' in text(client)
    assert "export of yours" not in client.get("/").content.decode(), "it was looked at"
    answer = client.get(f"/exports/{export.pk}/")
    assert answer.content == b"%PDF- pdf"
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        'attachment; filename="counterweight_all-sites.pdf"',
    )
    assert "no-store" in answer["Cache-Control"]


def test_the_script_hears_how_far_each_is(printed: list[str]) -> None:
    client = client_of()
    export = ask(client)
    [said] = client.get("/exports/state").json()["exports"]
    assert said == {"id": export.pk, "state": "queued", "progress": 0, "words": "waits for a worker", "open": True}
    Export.objects.update(state="running", progress=45)
    assert client.get("/exports/state").json()["exports"][0]["words"] == "its figures are drawn"


def test_the_document_is_the_page_of_its_owner_and_needs_nothing_else(printed: list[str]) -> None:
    made(client_of(), "/?period=13w")
    [html] = printed
    for words in (
        "81.4",
        "A saving with a cost.",
        "csat 1; agent_wellbeing_index 1; resolution_quality 1; fte_reduction 1",
        "Data to 4 Oct 2026",
    ):
        assert words in html
    assert 'class="paper pdf"' in html
    assert "default-src 'none'" in html
    loads = re.findall(
        r"<(?:link|script|img|iframe|object|embed)\b[^>]*\b(?:src|href)=", html.split("<body", 1)[0] + html.split("</main>", 1)[1]
    )
    assert loads == []
    for secret in ("csrf", "Log out", "sessionid", "Take away"):
        assert secret not in re.sub(r"<script.*?</script>|<style.*?</style>", "", html, flags=re.DOTALL), secret


def test_rights_that_are_gone_when_it_is_made_end_it_with_a_sentence(printed: list[str]) -> None:
    client = client_of()
    export = ask(client)
    Membership.objects.all().delete()
    assert printing.make(export.pk) == "failed"
    export.refresh_from_db()
    assert (export.message, export.file) == ("Your rights do not allow this page any more.", "")
    assert printed == []


def test_it_is_made_with_the_rights_of_then_not_of_when_it_was_asked_for(printed: list[str], lark: Team, wren: Team) -> None:
    client = client_of(Membership.Role.MANAGER, lark)
    export = ask(client)
    Membership.objects.get().teams.set([wren])
    assert printing.make(export.pk) == "done"
    export.refresh_from_db()
    assert export.made_with != export.asked_with
    assert client.get(f"/exports/{export.pk}/").status_code == 200


def test_a_file_is_not_handed_out_once_its_owner_may_see_something_else(printed: list[str], lark: Team, wren: Team) -> None:
    client = client_of(Membership.Role.MANAGER, lark)
    export = made(client)
    Membership.objects.get().teams.set([wren])
    answer = client.get(f"/exports/{export.pk}/")
    assert answer.status_code == 403
    assert "Your rights have changed since" in answer.content.decode()
    assert f'href="/exports/{export.pk}/"' not in text(client)
    Membership.objects.all().delete()
    assert client.get(f"/exports/{export.pk}/").status_code == 403


def test_a_raised_smallest_group_closes_what_was_made_before(printed: list[str], settings: Any) -> None:
    client = client_of()
    export = made(client)
    settings.WELLBEING_MIN_GROUP = 20
    assert client.get(f"/exports/{export.pk}/").status_code == 403


def test_the_list_says_that_the_data_have_changed_since(printed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of()
    export = made(client)
    assert "have changed since" not in text(client)
    Export.objects.update(made_from="an earlier version")
    assert "data or settings have changed since" in text(client)
    assert client.get(f"/exports/{export.pk}/").status_code == 200


def test_to_everybody_else_it_is_not_there(printed: list[str]) -> None:
    export = made(client_of())
    other = client_of(Membership.Role.ANALYST)
    assert (other.get(f"/exports/{export.pk}/").status_code, other.post(f"/exports/{export.pk}/").status_code) == (404, 404)
    assert "All sites" not in text(other)
    assert Client().get(f"/exports/{export.pk}/").status_code == 302
    assert client_of(Membership.Role.STEWARD).get("/exports/").status_code == 403


def test_its_owner_deletes_it_with_its_file(printed: list[str]) -> None:
    client = client_of()
    export = made(client)
    path = printing.file_of(export)
    assert client.post(f"/exports/{export.pk}/").status_code == 302
    assert path
    assert not path.exists()
    assert not Export.objects.exists()


def test_a_file_that_is_gone_is_said_to_be_gone(printed: list[str]) -> None:
    client = client_of()
    export = made(client)
    path = printing.file_of(export)
    assert path
    path.unlink()
    answer = client.get(f"/exports/{export.pk}/")
    assert (answer.status_code, "The file is gone" in answer.content.decode()) == (410, True)


@pytest.mark.parametrize(
    "address",
    ["/admin/", "/exports/", "//evil.example/", "https://evil.example/", "/definitions/", "/export/panel.csv", "/lists/loops/", ""],
)
def test_only_pages_of_figures_can_be_printed(printed: list[str], address: str) -> None:
    assert client_of().post("/exports/", {"address": address, "form": "pdf"}).status_code == 400
    assert not Export.objects.exists()


def test_a_page_that_is_not_there_and_a_form_nobody_knows_are_refused(printed: list[str]) -> None:
    client = client_of()
    assert client.post("/exports/", {"address": "/", "form": "docx"}).status_code == 400
    export = ask(client, "/no-such-page/")
    assert printing.make(export.pk) == "failed"


def test_without_a_browser_the_page_and_the_job_say_what_to_install(printed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of()
    export = ask(client)
    monkeypatch.setattr(browser, "find_browser", lambda: None)
    page = client.get("/").content.decode()
    assert SENTENCE in page
    assert 'value="pdf"' not in page
    answer = client.post("/exports/", {"address": "/", "form": "png"})
    assert (answer.status_code, SENTENCE in answer.content.decode()) == (503, True)
    monkeypatch.undo()
    monkeypatch.setattr(browser, "find_browser", lambda: None)
    monkeypatch.setattr(document, "_page", lambda user, address: "<html lang='en'><head></head><body></body></html>")
    monkeypatch.setattr(door, "version_key", lambda: "1")
    assert printing.make(export.pk) == "failed"
    export.refresh_from_db()
    assert export.message.startswith(SENTENCE)


def test_an_error_of_ours_ends_it_without_words_of_the_error(printed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(html: str, form: str, report: Any) -> Printed:
        raise RuntimeError("Lark")

    monkeypatch.setattr(work, "print_document", broken)
    export = ask(client_of())
    assert printing.make(export.pk) == "failed"
    export.refresh_from_db()
    assert "Lark" not in export.message


def test_a_worker_that_lost_it_leaves_no_file(printed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(html: str, form: str, report: Any) -> Printed:
        Export.objects.update(attempt=2)
        return Printed(b"%PDF-", "late")

    monkeypatch.setattr(work, "print_document", slow)
    export = ask(client_of())
    assert printing.make(export.pk) == "lost"
    assert not list(printing.runs.folder().glob(f"{export.pk}-*"))


def test_the_sweep_and_the_night_look_after_exports(printed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[tuple[object, ...]] = []
    monkeypatch.setattr(tasks, "ring", lambda task, *ids: rung.append((task.name, *ids)))
    export = ask(client_of())
    Export.objects.update(rung_at=None)
    tasks.sweep()
    assert ("kpi.tasks.run_export", export.pk) in rung
    assert tasks.run_export(export.pk) == "done"
    assert printing.expire() == 0


def test_a_user_that_is_deleted_takes_the_exports_along(printed: list[str]) -> None:
    made(client_of())
    User.objects.all().delete()
    assert not Export.objects.exists()
    assert factories.UserFactory(username="anew").exports.count() == 0


@pytest.mark.parametrize("page", ["/", "/capacity/", "/scenarios/"])
@pytest.mark.parametrize("role", ["executive", "manager", "analyst", "representative"])
def test_everything_the_menu_offers_is_answered_to_whoever_it_is_offered_to(role: str, page: str, lark: Team) -> None:
    factories.InteractionFactory(team=lark, site=lark.site)
    client = client_of(role, *([lark] if role == "manager" else []))
    menu = client.get(page).content.decode().split('class="menu"')[-1].split("</details>")[0]
    links = {label: unescape(address) for address, label in re.findall(r'<li><a href="([^"]+)">(\w+)</a></li>', menu)}
    assert set(links) == ({"CSV", "XLSX"} if page == "/scenarios/" else {"CSV", "XLSX", "JSON"})
    assert {label: client.get(address).status_code for label, address in links.items()} == dict.fromkeys(links, 200)
