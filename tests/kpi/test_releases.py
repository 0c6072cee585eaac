"""What was shown of other groups is remembered, by everybody and for everybody (metrics.md C5)."""

from datetime import timedelta
from itertools import permutations
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kpi import releases
from kpi.metric import Status
from kpi.models import Cell, Membership, ReleasedSet
from kpi.releases import Releases, Unavailable
from kpi.result import Scope
from tests import factories
from tests.kpi.algebra import gives_away
from tests.kpi.panel_help import PERIOD, WAVE, Centre, ask, centre, planted_beside_wellbeing
from tests.kpi.rollup_help import contacts
from tests.memory import forget_all, forget_process

PEOPLE = {"Wren": 12, "Lark": 14, "Heron": 16, "Swift": 13, "Owl": 20, "Kite": 18}
QUEUES = {
    "first": ["Wren", "Lark"],
    "second": ["Wren", "Heron"],
    "third": ["Lark", "Heron"],
    "fourth": ["Heron", "Swift", "Owl"],
    "fifth": ["Wren", "Lark", "Heron", "Owl"],
}


def queue(here: Centre, name: str, teams: list[str]) -> int:
    """A queue whose contacts of the period were handled by these teams."""
    made = factories.QueueFactory(code=name, name=f"Queue {name}")
    for team in teams:
        cell = Cell.objects.create(site=here.teams[team].site_id, team=here.teams[team].pk, queue=made.pk, channel=here.channel)
        contacts("cell", cell.pk, PERIOD.start, 100, grain="w")
    return int(made.pk)


def shown(queue: int) -> bool:
    return ask(Scope(queue=queue)).columns[1].result.shown


@pytest.fixture
def here(db: None) -> Centre:
    """Four teams of six, all hidden: any two of them are twelve people, and leave twelve of the site."""
    return centre({"Wren": 6, "Lark": 6, "Heron": 6, "Swift": 6, "Owl": 20, "Kite": 18})


PAIRS = (["Wren", "Lark"], ["Wren", "Heron"], ["Lark", "Heron"])  # half of the sum of the first two less the third is Wren


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_three_pairs_that_together_tell_about_six_people_the_last_is_refused(here: Centre, order: tuple[int, ...]) -> None:
    queues = [queue(here, str(place), teams) for place, teams in enumerate(PAIRS)]
    with planted_beside_wellbeing():
        first, second, last = (queues[place] for place in order)
        assert shown(first)
        assert shown(second)
        forget_process()  # another process: it knows nothing but the database
        found = ask(Scope(queue=last))
        assert found.columns[1].result.status is Status.SUPPRESSED
        assert found.columns[1].result.why == ("beside what was shown before, it would tell about fewer than 10 people",)
        assert found.columns[3].result.status is Status.WITHHELD
        assert shown(first)  # the same question again
    assert set(ReleasedSet.objects.filter(standard=False).values_list("k", flat=True)) == {10}


def test_what_is_remembered_is_the_rule_the_scope_and_the_time_and_no_value(here: Centre) -> None:
    names = {field.name for field in ReleasedSet._meta.fields}
    assert names == {"id", "question", "wave", "teams", "digest", "k", "standard", "released_at"}
    with planted_beside_wellbeing():
        assert shown(queue(here, "b", ["Lark", "Wren"]))
    own = ReleasedSet.objects.filter(standard=False, wave=WAVE)
    teams = ",".join(map(str, sorted(here.teams[name].pk for name in ("Lark", "Wren"))))
    assert sorted(own.values_list("question", "teams")) == [(key, teams) for key in ("cbi_work", "hse", "respondents", "who5")]


def test_ordinary_pages_write_nothing(here: Centre) -> None:
    with planted_beside_wellbeing():
        ask()
        ask(Scope(site=here.sites["Harbour"].pk))
        ask(Scope(teams=frozenset({here.teams["Heron"].pk})))
    assert not ReleasedSet.objects.exists()


def test_where_nothing_can_be_remembered_nothing_is_shown_and_the_next_reader_may_get_it(
    here: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = queue(here, "b", ["Lark", "Wren"])

    def locked(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError("database is locked")

    with planted_beside_wellbeing():
        with monkeypatch.context() as patch:
            patch.setattr(ReleasedSet.objects, "bulk_create", locked)
            found = ask(Scope(queue=asked)).columns[1].result
        assert (found.status, found.reasons) == (Status.SUPPRESSED, ("release:unavailable",))
        assert shown(asked)


def log(people: dict[int, int], k: int = 10) -> Releases:
    return Releases({("who5", WAVE): people, WAVE: people}, lambda _crowd: [frozenset(people)], k)


@pytest.mark.django_db
def test_questions_and_waves_are_remembered_apart() -> None:
    people = {1: 12, 2: 4, 3: 30}
    found = log(people)
    assert found.allows(frozenset({1, 3}), [("who5", WAVE)]) is False  # the rest of the company is four people
    assert found.allows(frozenset({1}), [WAVE])
    assert found.allows(frozenset({1, 2}), [("who5", WAVE)])
    assert not found.allows(frozenset({1, 2}), [WAVE])  # beside the twelve it is the four


@pytest.mark.django_db
def test_a_figure_is_remembered_for_all_its_questions_or_for_none() -> None:
    found = log({1: 12, 2: 4, 3: 30})
    assert found.allows(frozenset({1}), [("who5", WAVE)])
    before = ReleasedSet.objects.count()
    assert not found.allows(frozenset({1, 2}), [WAVE, ("who5", WAVE)])
    assert ReleasedSet.objects.count() == before


@pytest.mark.django_db
def test_a_raised_k_counts_for_what_was_shown_before_it() -> None:
    people = {1: 12, 2: 14, 3: 30}
    assert log(people).allows(frozenset({1, 2}), [WAVE])
    assert log(people).allows(frozenset({2}), [WAVE])
    later = log(people, k=15)
    assert not later.allows(frozenset({1, 2}), [WAVE])  # both together would give the twelve away
    assert not later.allows(frozenset({3}), [WAVE])


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time, and tests keep it in memory")
def test_two_that_ask_at_the_same_moment_do_not_both_get_their_half() -> None:
    people, start, answers = {1: 12, 2: 4, 3: 30, 4: 30}, Barrier(2), list[bool]()

    def work(teams: frozenset[int]) -> None:
        own = log(people)
        start.wait()
        answers.append(own.allows(teams, [WAVE]))
        connection.close()

    threads = [Thread(target=work, args=(frozenset(teams),)) for teams in ({1, 3}, {1, 2, 3})]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, True]


@pytest.mark.django_db
@pytest.mark.parametrize("reading", ["_begin", "_release"])
def test_what_is_released_between_two_readings_is_in_one_of_them(reading: str, monkeypatch: pytest.MonkeyPatch) -> None:
    people = {1: 12, 2: 4, 3: 30, 4: 30}
    own, other = log(people), log(people)
    original = getattr(own, reading)

    def and_then_the_other(*arguments: object) -> None:
        if reading == "_begin":
            original(*arguments)
        assert other.allows(frozenset({1, 3}), [WAVE])
        if reading != "_begin":
            original(*arguments)

    monkeypatch.setattr(own, reading, and_then_the_other)
    assert not own.allows(frozenset({1, 2, 3}), [WAVE])
    assert log(people).allows(frozenset({1, 3}), [WAVE])


@pytest.mark.django_db
def test_without_a_database_the_log_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(Releases, "_begin", gone)
    with pytest.raises(Unavailable):
        log({1: 12, 2: 30}).allows(frozenset({1}), [WAVE])
    assert releases.UNAVAILABLE == "release:unavailable"


# --- random readers

ASKED = st.tuples(
    st.sampled_from(["executive", "manager"]),
    st.sampled_from(["/", "/api/v1/panel", "/export/panel.csv", "/people/", "/api/v1/pages/people", "/export/pages/people.csv"]),
    st.sampled_from(["", *QUEUES, *list(QUEUES)[:3]]),
    st.sampled_from([""] * 12 + list(PEOPLE)),
)


@pytest.mark.django_db
@settings(
    max_examples=6,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a shrinking of whole sites takes longer than it helps
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(
    st.fixed_dictionaries({name: st.integers(5, 8) if PEOPLE[name] < 17 else st.integers(3, 22) for name in PEOPLE}),
    st.lists(ASKED, min_size=6, max_size=10),
    st.lists(st.sampled_from(list(PEOPLE)), min_size=2, max_size=4, unique=True),
)
def test_random_readers_never_learn_of_fewer_than_k(people: dict[str, int], questions: list[tuple[str, ...]], own: list[str]) -> None:
    """Whatever is asked over page, API and CSV: of the groups whose wellbeing was shown none, and no two, give a small one away.

    The groups are told by the test itself: the teams that stand behind a queue, and of them the manager's own.
    """
    with transaction.atomic(), planted_beside_wellbeing():
        forget_all()
        here = centre(people)
        queues = {name: queue(here, name, teams) for name, teams in QUEUES.items()}
        clients = {role: reader(here, role, own) for role in ("executive", "manager")}
        shown_groups: set[frozenset[str]] = set()
        for role, address, asked_queue, team in questions:
            params = {"period": "custom", "from": str(PERIOD.start), "to": str(PERIOD.end - timedelta(1))}
            params |= {"queue": str(queues[asked_queue])} if asked_queue else {}
            params |= {"team": str(here.teams[team].pk)} if team else {}
            refused = clients[role].get("/api/v1/panel", params)
            if refused.status_code == 400:  # a page leaves out what is not this reader's to ask for
                for name in refused.json()["error"]["fields"]:
                    params.pop(name)
            assert clients[role].get(address, params).status_code == 200, (address, params)
            behind = QUEUES[asked_queue] if "queue" in params else list(PEOPLE)
            mine = own if role == "manager" and "queue" in params else list(PEOPLE)
            scope = frozenset(behind) & frozenset(mine) & frozenset([team] if "team" in params else PEOPLE)
            shown_groups |= groups(clients[role].get("/api/v1/panel", params).json(), scope)
        everybody = frozenset(PEOPLE)
        shown_groups |= {everybody} if sum(people.values()) >= 10 else set()
        number = {name: i for i, name in enumerate(PEOPLE)}
        sets = [frozenset(number[name] for name in group) for group in shown_groups]
        assert not gives_away(sets, 10, {number[name]: n for name, n in people.items()})
        transaction.set_rollback(True)


def reader(here: Centre, role: str, own: list[str]) -> Client:
    user = factories.UserFactory(username=role)
    membership = Membership.objects.create(user=user, role=role)
    membership.teams.set([here.teams[name] for name in own] if role == "manager" else [])
    client = Client()
    client.force_login(user)
    return client


def groups(panel: dict[str, Any], scope: frozenset[str]) -> set[frozenset[str]]:
    """The groups whose wellbeing an answer shows: its scope, and each team of its table."""
    found = {scope} if panel["columns"][1]["value"] is not None else set()
    return found | {frozenset({row["label"].removesuffix(" team")}) for row in panel["teams"] if row["results"][1]["value"] is not None}


def test_the_random_readers_would_notice() -> None:
    """Three pairs of teams of six: what the memory refuses is what the check of the test above finds."""
    pairs = [frozenset(pair) for pair in ({0, 1}, {0, 2}, {1, 2})]
    everybody = frozenset(range(6))
    people = {0: 6, 1: 6, 2: 6, 3: 6, 4: 20, 5: 18}
    assert not gives_away([everybody, *pairs[:2]], 10, people)
    assert gives_away([everybody, *pairs], 10, people)
