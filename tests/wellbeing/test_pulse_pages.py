"""The pages of the pulse: who answers is kept by nobody and reads who sees what first; who administers sees no more than k allows."""

from __future__ import annotations

import csv
import io
import re
from types import SimpleNamespace

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from kpi.models import Membership, Site, Team
from tests import factories
from tests.wellbeing.pulse_help import AFTER, all_answered, answer, codes_of, opened
from wellbeing import tasks
from wellbeing.models import Asked, Pulse, PulseCode, SealedAnswer
from wellbeing.pulse import codes, handing, limits, response
from wellbeing.pulse.questionnaire import PARTS, field

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(clock: time_machine.Traveller, site: Site) -> Team:
    return factories.TeamFactory(name="Lark", site=site)


@pytest.fixture
def pulse(team: Team) -> Pulse:
    return opened({team: 12})


def begin(client: Client, code: str, **more: str) -> str:
    return client.post("/pulse/", {"step": "start", "code": code, **more}).content.decode()


def send(client: Client, code: str, answers: dict[str, str], **more: str):
    return client.post("/pulse/", {"step": "answer", "code": code, **answers, **more})


def test_from_the_code_through_the_questions_to_thanks(pulse: Pulse, team: Team) -> None:
    Pulse.objects.update(contact="Occupational health, extension 4711")
    client, [code, *_] = Client(), codes_of(pulse, team)
    landing = client.get("/pulse/").content.decode()
    assert "Nobody sees your answers by themselves" in landing
    assert 'type="radio"' not in landing, "who sees what stands before the first question"
    page = begin(client, codes.written(code).lower())
    assert page.count("<fieldset") == page.count("<legend>") == 15
    assert [f"Part {number} of 4" in page for number in range(1, 5)] == [True] * 4
    assert page.index("Who sees what") < page.index('type="radio"')
    assert "Occupational health, extension 4711" in page
    assert " checked>" not in page
    sent = send(client, code, all_answered())
    assert (sent.status_code, sent["Location"]) == (303, "/pulse/thanks/?lang=en")
    assert "Your answers are in" in client.get(sent["Location"]).content.decode()
    assert SealedAnswer.objects.count() == 1
    assert not client.cookies


def test_every_page_is_kept_by_nobody_and_sets_no_cookie(pulse: Pulse, team: Team) -> None:
    client, [code, *_] = Client(), codes_of(pulse, team)
    pages = [
        client.get("/pulse/"), *(client.post("/pulse/", {"step": "start", "code": text}) for text in (code, "x")),
        send(client, code, all_answered()), send(client, code, all_answered()), client.get("/pulse/thanks/"),
    ]  # fmt: skip
    for page in pages:
        assert (page["Cache-Control"], page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-store", "no-referrer", "noindex")
        assert "Set-Cookie" not in page
        assert page.status_code in {200, 303}, "any other status is logged with its path"
        assert code not in str(page.headers)


def test_who_is_logged_in_answers_like_everybody(pulse: Pulse, team: Team) -> None:
    client, [code, *_] = Client(), codes_of(pulse, team)
    client.force_login(User.objects.create_superuser("boss"))
    assert send(client, code, all_answered()).status_code == 303
    assert "boss" not in client.get("/pulse/").content.decode()


def test_a_used_code_is_refused_with_a_kind_sentence(pulse: Pulse, team: Team) -> None:
    client, [code, *_] = Client(), codes_of(pulse, team)
    send(client, code, all_answered())
    for page in (begin(client, code), send(client, code, all_answered()).content.decode()):
        assert "If you have answered, your answers are in and there is nothing left to do." in page
    assert SealedAnswer.objects.count() == 1


def test_a_slip_of_the_finger_is_told_from_a_code_that_is_gone(pulse: Pulse, team: Team) -> None:
    [code, *_] = codes_of(pulse, team)
    assert "compare it once more" in begin(Client(), ("1" if code[0] == "0" else "0") + code[1:])
    assert "cannot be used" in begin(Client(), codes.make(codes.PRINTED))


def test_an_empty_form_uses_up_no_code_and_a_single_answer_is_enough(pulse: Pulse, team: Team) -> None:
    client, [code, *_] = Client(), codes_of(pulse, team)
    assert "your code is still good" in send(client, code, {"who5_1": "9"}).content.decode()
    assert not SealedAnswer.objects.exists()
    assert send(client, code, {"autonomy2_1": "3"}).status_code == 303


def test_changing_the_language_keeps_what_was_answered(pulse: Pulse, team: Team) -> None:
    client, [code, *_] = Client(), codes_of(pulse, team)
    page = send(client, code, {"who5_2": "4"}, lang="de").content.decode()
    assert re.findall(r'name="(\w+)" value="(\d)" checked', page) == [("who5_2", "4")]
    assert "… war ich froh und guter Laune" in page
    assert "27. April 2026" in page


def test_guessing_is_slow_and_stops_nobody_elsewhere(pulse: Pulse, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_790_000_000.0))  # the ten minutes do not end in mid-test
    cache.clear()
    [code, *_] = codes_of(pulse, team)
    guesser = Client(REMOTE_ADDR="192.0.2.7")
    for number in range(limits.WRONG):
        guess = codes.make(codes.PRINTED)
        page = begin(guesser, guess) if number % 2 else send(guesser, guess, all_answered(), lang="de").content.decode()
        assert ("cannot be used" in page) or ("gilt nicht" in page)
    assert "wait ten minutes" in begin(guesser, code)
    assert "wait ten minutes" in send(guesser, code, all_answered()).content.decode()
    assert 'type="radio"' in begin(Client(REMOTE_ADDR="192.0.2.8"), code)
    cache.clear()


def test_a_broken_cache_stops_nobody(pulse: Pulse, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def __getattr__(self, name: str):
            raise ConnectionError("away")

    [code, *_] = codes_of(pulse, team)
    monkeypatch.setattr(limits, "cache", Away())
    begin(Client(), codes.make(codes.PRINTED))
    assert 'type="radio"' in begin(Client(), code)


def user(role: str, *teams: Team) -> Client:
    someone, client = factories.UserFactory(username=role), Client()
    Membership.objects.create(user=someone, role=role).teams.set(teams)
    client.force_login(someone)
    return client


def test_an_administrator_opens_a_wave_and_hands_out_its_codes(team: Team) -> None:
    boss = user("administrator")
    form = {"closes_on": "2026-04-27", "contact": "Ada", f"team_{team.pk}": "12"}
    refused = boss.post("/waves/open/", form | {f"team_{team.pk}": "4"}).content.decode()
    assert "fewer than 10 people" in refused
    assert boss.post("/waves/open/", form).status_code == 302
    pulse, asked = Pulse.objects.get(), Asked.objects.get()
    assert (pulse.opened_by.username, pulse.contact, asked.people) == ("administrator", "Ada", 12)
    page = boss.get(f"/waves/{pulse.pk}/").content.decode()
    assert "Sheet to print" in page
    sheet = boss.post(f"/waves/{pulse.pk}/{asked.pk}/print/")
    printed = re.findall(r'class="code">([\w-]+)<', sheet.content.decode())
    assert (len(set(printed)), "no-store" in sheet["Cache-Control"], sheet.content.count(b"data:image/svg+xml")) == (12, True, 12)
    assert not [code for code in printed if code in boss.get(f"/waves/{pulse.pk}/").content.decode()]
    listed = boss.post(f"/waves/{pulse.pk}/{asked.pk}/links/").content.decode()
    links = [row["link"] for row in csv.DictReader(io.StringIO(listed))]
    assert len({link.partition("#")[2] for link in links}) == 12
    assert {link.partition("#")[0] for link in links} == {"http://testserver/pulse/"}
    assert "cannot be used" in begin(Client(), printed[0]), "the sheet was cancelled by the list"
    assert 'type="radio"' in begin(Client(), links[0])


def test_mail_is_sent_from_the_page_and_no_address_is_in_the_database(pulse: Pulse, team: Team, mailoutbox: list) -> None:
    boss, asked = user("administrator"), Asked.objects.get()
    told = boss.post(f"/waves/{pulse.pk}/{asked.pk}/mail/", {"addresses": "ada@example.org\ngrace@example.org"}).content.decode()
    assert "2 mails were sent." in told
    assert [message.to for message in mailoutbox] == [["ada@example.org"], ["grace@example.org"]]
    assert {message.subject for message in mailoutbox} == {"Three minutes about your work · Drei Minuten über Ihre Arbeit"}
    assert "Nothing was sent" in boss.post(f"/waves/{pulse.pk}/{asked.pk}/mail/", {"addresses": "ada"}).content.decode()
    assert boss.post(f"/waves/{pulse.pk}/{asked.pk}/post/").status_code == 404


def test_a_wave_is_made_longer_or_ended_from_its_page(pulse: Pulse) -> None:
    boss = user("administrator")
    assert "is not a day" in boss.post(f"/waves/{pulse.pk}/extend/", {"closes_on": "soon"}).content.decode()
    assert "after the one that was told" in boss.post(f"/waves/{pulse.pk}/extend/", {"closes_on": "2026-04-20"}).content.decode()
    boss.post(f"/waves/{pulse.pk}/extend/", {"closes_on": "2026-05-04"})
    assert "Last day 4 May 2026; it was opened until 27 April 2026." in boss.get("/waves/").content.decode()
    assert "Say why" in boss.post(f"/waves/{pulse.pk}/end/", {"reason": ""}).content.decode()
    boss.post(f"/waves/{pulse.pk}/end/", {"reason": "A fire drill"})
    page = boss.get("/waves/").content.decode()
    assert "Ended early, on 13 April 2026: A fire drill" in page
    assert "being imported" in page
    assert "Sheet to print" not in boss.get(f"/waves/{pulse.pk}/").content.decode()


@pytest.mark.parametrize("role", ["executive", "manager", "analyst", "representative"])
def test_others_read_how_it_goes_and_change_nothing(role: str, pulse: Pulse, team: Team) -> None:
    client = user(role, *([team] if role == "manager" else []))
    page = client.get("/waves/").content.decode()
    assert ("Pulse of 13 April 2026" in page, "Open a wave" in page) == (True, False)
    asked = Asked.objects.get()
    for address in ("open/", f"{pulse.pk}/", f"{pulse.pk}/extend/", f"{pulse.pk}/end/", f"{pulse.pk}/{asked.pk}/print/"):
        method = client.get if address in {"open/", f"{pulse.pk}/"} else client.post
        assert method(f"/waves/{address}").status_code == 403
    assert not PulseCode.objects.exists()


def test_a_steward_sees_nothing_of_it(pulse: Pulse) -> None:
    assert user("steward").get("/waves/").status_code == 403


def test_a_manager_reads_of_the_own_team_alone(pulse: Pulse, team: Team, site: Site) -> None:
    other = factories.TeamFactory(name="Heron", site=site)
    opened({other: 15})
    page = user("manager", team).get("/waves/").content.decode()
    assert ("Lark" in page, "Heron" in page) == (True, False)


@pytest.mark.parametrize("answered", [0, 3, 9])
def test_no_page_tells_how_many_answered_while_they_are_fewer_than_k(answered: int, pulse: Pulse, team: Team, clock) -> None:
    boss, handed = user("administrator"), codes_of(pulse, team)
    before = squeezed(boss, pulse)
    answer(handed[:answered])
    clock.shift(86_400)
    response.look()
    boss.force_login(User.objects.get(username="administrator"))  # a session lasts half a day
    assert squeezed(boss, pulse) == before


def squeezed(client: Client, pulse: Pulse) -> str:
    pages = [client.get(address).content.decode() for address in ("/waves/", f"/waves/{pulse.pk}/")]
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", "".join(pages))


def test_a_wave_with_too_few_answers_says_so_on_the_page(pulse: Pulse, team: Team, clock) -> None:
    answer(codes_of(pulse, team)[:9])
    clock.move_to(AFTER)
    tasks.pulse()
    assert "Fewer than 10 people answered in all: nothing of this wave is shown." in user("executive").get("/waves/").content.decode()


def test_before_the_first_wave_the_page_says_what_it_would_be(clock) -> None:
    assert "No wave yet" in user("executive").get("/waves/").content.decode()


def test_the_questions_have_names_that_no_other_field_of_the_form_has() -> None:
    names = [field(part, place) for part in PARTS for place in range(len(part.items))]
    assert len(set(names)) == 15
    assert not {"code", "step", "lang", "language"} & set(names)


def test_a_link_is_no_longer_than_a_mail_program_breaks_it(pulse: Pulse) -> None:
    assert len(handing.link("https://pulse.example.org/pulse/", codes.make(codes.LINK))) < 76
