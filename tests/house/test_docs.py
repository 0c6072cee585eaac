"""What is public is documented, and what the documents say is there."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from kpi import guide, ingest, registry

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")


def named(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(page: Path) -> None:
    links = [link for link, _ in LINK.findall(page.read_text()) if not re.match(r"[a-z]+:", link)]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_a_document_names_exists(page: Path) -> None:
    text = page.read_text()
    targets = named(r"^([a-z]+):", (ROOT / "Makefile").read_text()) | set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    )
    assert named(r"`?\bmake ([a-z]+)\b(?=`| [A-Z]+=|$)", text) - {"use", "sure", "it"} <= targets
    assert named(r"manage\.py ([a-z_]+)", text) <= set(get_commands())


def is_reader(node: ast.AST) -> bool:
    """A call like env.flag("DEBUG", ...)."""
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "env"


def settings_read() -> set[str]:
    """Every name the settings read from the environment."""
    nodes = [node for node in ast.walk(ast.parse((ROOT / "config" / "settings.py").read_text())) if is_reader(node)]
    return {node.args[0].value for node in nodes if isinstance(node, ast.Call) and isinstance(node.args[0], ast.Constant)}


def test_every_setting_is_in_the_table_of_run_in_production() -> None:
    table = named(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "run-in-production.md").read_text())
    assert settings_read() - table == set()
    assert table - settings_read() == {"POSTGRES_PASSWORD"}


def test_the_sample_environment_names_only_settings_that_exist() -> None:
    named_there = named(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text())
    assert named_there - settings_read() == {"POSTGRES_PASSWORD"}


def test_every_metric_says_in_words_what_it_is_and_where_it_misleads() -> None:
    for metric in registry.metrics().values():
        assert all(str(text).strip() for text in (metric.label, metric.formula, metric.caveat, metric.sample, metric.source)), metric.key


def test_the_page_of_sources_says_what_the_sources_say() -> None:
    written = (ROOT / "docs" / "sources.md").read_text()
    assert written == guide.page(registry.sources().values(), registry.vendors().values()), (
        "stale: manage.py import_file --list --markdown > docs/sources.md"
    )


def test_every_source_that_is_not_our_own_says_how_to_come_by_its_file() -> None:
    known = registry.sources()
    assert [key for key, source in known.items() if not key.endswith("_csv") and source.guide is None] == []


def test_every_column_of_a_canonical_source_is_in_the_guide_to_importing() -> None:
    text = (ROOT / "docs" / "import-your-own-file.md").read_text()
    canonical = [source for key, source in registry.sources().items() if key.endswith("_csv")]
    missing = [f"{source.key}: {column.name}" for source in canonical for column in source.columns if f"`{column.name}`" not in text]
    assert missing == []


def examples_of_files() -> dict[str, str]:
    """{source: the lines the guide shows under its heading}"""
    text = (ROOT / "docs" / "import-your-own-file.md").read_text()
    found = re.findall(r"^### [^\n]*: `(\w+)`\n\n((?:    [^\n]*\n)+)", text, re.MULTILINE)
    return {key: "".join(line[4:] + "\n" for line in lines.splitlines()) for key, lines in found}


@pytest.mark.django_db
@pytest.mark.parametrize("key", examples_of_files())
def test_the_example_of_a_file_is_imported_as_it_stands_in_the_guide(key: str, tmp_path: Path) -> None:
    path = tmp_path / "example.csv"
    path.write_text(examples_of_files()[key], encoding="utf-8")
    outcome = ingest.preview(path, key)
    assert [row.problems for row in outcome.rejected] == []
    assert outcome.fates.new == outcome.fates.lines > 0
