"""What every answer says to a browser: only over HTTPS, only our own scripts, in no frame, kept by nobody who should not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site

from kpi.models import Team
from tests.fault.conftest import template
from tests.house.test_start import GOOD
from tests.once import made_once, run_folder
from tests.web.planted import planted
from tests.web.routes import ROUTES, address
from tests.web.test_every_surface import centre, client_of

__all__ = ["centre", "template"]
ROOT = Path(__file__).resolve().parents[2]
HOST = "kpi.example.org"
# Asked of the settings of production, in a process of its own: cookies and redirects are decided when it starts.
ASK = """
import django, json
django.setup()
from django.conf import settings
settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
from django.contrib.auth.models import User
from django.test import Client
User.objects.create_user("ada", password="a long sentence of ours")
client, found = Client(HTTP_HOST="kpi.example.org"), {}
def ask(name, answer):
    cookies = [str(each.OutputString()) for each in answer.cookies.values()]
    found[name] = {"status": answer.status_code, "headers": dict(answer.headers), "cookies": cookies}
ask("page over http", client.get("/login/"))
ask("api over http", client.get("/api/v1/panel"))
ask("import over http", client.post("/api/v1/imports", b"a", content_type="text/csv", headers={"Authorization": "Bearer cw_x"}))
ask("page", client.get("/login/", secure=True))
ask("log in", client.post("/login/", {"username": "ada", "password": "a long sentence of ours"}, secure=True))
ask("choice", client.post("/keys/", {"scheme": "dark", "language": "de", "keys": "off"}, secure=True))
found["german"] = 'lang="de"' in client.get("/keys/", secure=True).content.decode()
ask("log out", client.post("/logout/", secure=True))
ask("log out of the admin", client.post("/admin/logout/", secure=True))
print(json.dumps(found))
"""


def ask_production(folder: Path, template: Path) -> None:
    folder.mkdir()
    shutil.copy(template, folder / "site.sqlite3")
    given = {**GOOD, "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3", "REDIS_URL": "", "DATA_DIR": str(folder)}
    plain = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_REQUESTS": "false"}
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=plain | given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (folder / "found.json").write_text(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory, template: Path) -> dict[str, Any]:
    folder = made_once(run_folder(tmp_path_factory) / "production", lambda folder: ask_production(folder, template))
    found: dict[str, Any] = json.loads((folder / "found.json").read_text())
    return found


def test_pages_lead_to_https_and_the_api_refuses_instead(production: dict[str, Any]) -> None:
    """A client that forgot the s is told so: led on, it would go on sending its token to everybody on the way."""
    page = production["page over http"]
    assert (page["status"], page["headers"]["Location"]) == (301, f"https://{HOST}/login/")
    assert production["api over http"]["status"] == production["import over http"]["status"] == 403
    assert "Location" not in production["import over http"]["headers"]
    assert production["import over http"]["headers"]["X-Content-Type-Options"] == "nosniff"


def test_https_is_insisted_on_for_a_year_with_all_subdomains(production: dict[str, Any]) -> None:
    assert production["page"]["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_every_cookie_is_of_this_host_alone_and_for_https(production: dict[str, Any]) -> None:
    cookies = [cookie for each in production.values() if isinstance(each, dict) for cookie in each["cookies"] if '=""' not in cookie]
    names = {cookie.split("=")[0] for cookie in cookies}
    assert names == {f"__Host-{name}" for name in ("csrftoken", "sessionid", "scheme", "language", "keys")}
    for cookie in cookies:
        assert "Secure" in cookie, cookie
        assert "Path=/" in cookie, cookie
        assert "Domain" not in cookie, cookie
        assert "SameSite=Lax" in cookie, cookie
        assert "HttpOnly" in cookie or cookie.startswith("__Host-csrftoken"), cookie
    assert production["german"]


def test_who_logs_out_leaves_no_page_in_the_browser(production: dict[str, Any]) -> None:
    assert production["log out"]["headers"]["Clear-Site-Data"] == '"cache"'
    assert production["log out of the admin"]["headers"]["Clear-Site-Data"] == '"cache"'


def policy(answer: Any) -> dict[str, str]:
    return {part.split()[0]: part.strip().partition(" ")[2] for part in answer["Content-Security-Policy"].split(";") if part.strip()}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["nobody", "executive", "boss"])
def test_every_answer_says_what_a_browser_may_do_with_it(role: str, centre: Team) -> None:
    client = client_of(role)
    with planted():
        answers = {route: client.get(address(route)) for route in ROUTES}
    answers["a style"] = client.get("/static/css/page.css")
    answers["not there"] = client.get("/no/such/page/")
    assert answers["a style"].status_code == 200
    answers["a style"].close()
    for route, answer in answers.items():
        assert answer["X-Content-Type-Options"] == "nosniff", route
        assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}, route
        assert "Access-Control-Allow-Origin" not in answer, route
        told = policy(answer)
        assert (told["frame-ancestors"], told["object-src"], told["base-uri"]) == ("'none'",) * 3, route
        assert told["script-src"] == "'self'" or told["script-src"].startswith("'self' 'nonce-"), route
        kind = answer.get("Content-Type", "")
        assert kind.startswith("application/") or "charset=utf-8" in kind.lower().replace('"', "") or not answer_body(answer), (route, kind)


def answer_body(answer: Any) -> bytes:
    return b"" if answer.streaming else bytes(answer.content)


@pytest.mark.django_db
def test_what_is_about_contacts_or_an_account_is_kept_by_no_browser_and_figures_are_asked_for_again(centre: Team) -> None:
    client = client_of("analyst")
    with planted():
        for route in ROUTES:
            if "lists/" in route or route.startswith("account/"):
                assert "no-store" in client.get(address(route))["Cache-Control"], route
        for route in ("", "<slug:page>/", "api/v1/panel", "export/panel.csv"):
            assert set(client.get(address(route))["Cache-Control"].split(", ")) == {"private", "no-cache"}, route


@pytest.mark.django_db
def test_trace_repeats_nothing(centre: Team) -> None:
    client = client_of("analyst")
    for path in ("/", "/login/", "/api/v1/panel", "/healthz", "/account/"):
        answer = client.generic("TRACE", path, headers={"X-Secret": "planted"})
        assert answer.status_code in {302, 405}, path
        assert b"planted" not in answer.content, path


def test_scripts_write_no_markup_and_keep_nothing_in_the_browser() -> None:
    scripts = {path.name: path.read_text() for path in (ROOT / "static" / "js").glob("*.js")}
    assert len(scripts) > 4
    forbidden = re.compile(
        r"\.innerHTML\s*=[^=]|insertAdjacentHTML|document\.(write|cookie)|localStorage|sessionStorage|indexedDB"
        r"|postMessage|\beval\(|new Function"
    )
    assert {name: forbidden.findall(text) for name, text in scripts.items() if forbidden.search(text)} == {}


def test_no_other_origin_is_named_in_the_policy() -> None:
    told = site.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert not [word for words in told.values() for word in words if "." in word or "*" in word]
