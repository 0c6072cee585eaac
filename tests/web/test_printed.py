"""Paper by a real browser: every saving beside its three, page numbers, no way out of the document, nothing left behind."""

from __future__ import annotations

import io
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from django.conf import settings

from kpi import printing
from kpi.models import Export, Membership, Team
from kpi.printing import paper
from kpi.printing.browser import FLAGS, NoBrowser, Pipe, opened
from kpi.printing.document import document_of, self_contained
from kpi.printing.paper import print_document
from tests.conftest import chromium
from tests.web.planted import FAULTS, alone, any_saving, planted
from tests.web.test_every_surface import centre

__all__ = ["centre"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    path = chromium()
    if path is None:
        sentence = "no Chromium: apt-get install --no-install-recommends chromium, or set CHROMIUM_PATH"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(sentence)
    monkeypatch.setattr(settings, "CHROMIUM_PATH", path)
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    with tempfile.TemporaryDirectory(prefix="cw-") as short:
        monkeypatch.setattr(tempfile, "tempdir", short)
        yield
        assert not os.listdir(short), "nothing is left behind"
        monkeypatch.undo()


def executive() -> object:
    return Membership.objects.get(role="executive").user


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_a_printed_page_has_every_saving_beside_its_three_and_numbers_its_pages(centre: Team) -> None:
    export = printing.ask(executive(), printing.runs.Viewer("executive"), "/capacity/", "pdf", language="en", title="")[0]  # type: ignore[arg-type]
    with planted():
        assert printing.make(export.pk) == "done", Export.objects.get().message
        pdf = printing.file_of(Export.objects.get()).read_bytes()  # type: ignore[union-attr]
    text = text_of(pdf)
    assert any_saving(text)
    assert alone(text) == []
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    for number, page in enumerate(pages, 1):
        words = " ".join(page.extract_text().split())
        assert f"page {number} of {len(pages)}" in words
        assert "csat 1; agent_wellbeing_index 1; resolution_quality 1; fte_reduction 1" in words
        assert "All sites" in words


def test_a_document_withholds_what_the_page_withholds(centre: Team) -> None:
    with planted(FAULTS[3]):
        html = document_of(executive(), "/", "pdf")  # type: ignore[arg-type]
    ours = re.sub(r"<style.*?</style>|<script nonce.*?</script>", "", html, flags=re.DOTALL)
    assert any_saving(ours) == []
    assert "withheld" in ours.lower()


def test_the_picture_of_a_page_is_whole_and_the_browser_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever got into a document: no other address, no file, no script that is not ours."""
    asks = """<script>window.ran = 1</script><img src="http://127.0.0.1:9/x.png"><img src="file:///etc/hostname">
      <iframe src="http://127.0.0.1:9/"></iframe><p style="height: 3000px">tall</p>"""
    html = self_contained(f'<html lang="en"><head><title>t</title></head><body>{asks}</body></html>', "png")
    found: list[object] = []
    tell = """(async () => [window.ran, await fetch("http://127.0.0.1:9/").then(() => "left", () => "held"),
      performance.getEntriesByType("resource").filter((item) => item.responseStatus).length, location.href])()"""
    monkeypatch.setattr(paper, "READY", f"{tell}")
    monkeypatch.setattr(paper.Tab, "light_paper", lambda tab: None)
    evaluate = paper.Tab.evaluate
    monkeypatch.setattr(paper.Tab, "evaluate", lambda tab, text: found.append(evaluate(tab, text)) or found[-1])
    png = print_document(html, "png", lambda progress: None).content
    assert found[0] == [None, "held", 0, "about:blank"]
    assert png.startswith(b"\x89PNG")
    width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    assert (width, height > 6000) == (2 * paper.PICTURE_WIDTH, True)


def test_nothing_of_ours_stands_on_the_command_line_or_in_the_environment_of_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "seen-by-nobody")
    with opened() as tab:
        tab.show("<p>Lark saves 9.6 FTE</p>")
        assert "Lark" in str(tab.evaluate("document.body.textContent"))
        ours = [path for path in Path("/proc").glob("[0-9]*") if _has(path / "cmdline", tempfile.gettempdir().encode())]
        assert ours
        for path in ours:
            said = _read(path / "cmdline") + _read(path / "environ")
            assert not re.search(rb"seen-by-nobody|Lark|9\.6|--remote-debugging-port", said)
    assert "--remote-debugging-pipe" in FLAGS
    assert not [path for path in ours if _has(path / "cmdline", tempfile.gettempdir().encode())], "it has ended"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _has(path: Path, text: bytes) -> bool:
    return text in _read(path)


def test_a_browser_that_is_none_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CHROMIUM_PATH", "/bin/false")
    with pytest.raises(NoBrowser, match=r"did not start|ended before"), opened():
        pass


def test_a_browser_that_does_not_answer_is_given_up() -> None:
    to_us, to_it = os.pipe(), os.pipe()
    with pytest.raises(NoBrowser, match="took too long"):
        Pipe(to_us[0], to_it[1], time.monotonic() + 0.05).ask("Target.getTargets")
    for end in (*to_us, *to_it):
        os.close(end)
