"""The tree itself: short files, no paths of one machine, locks without addresses."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300
LOCKS = ("requirements.lock", "requirements-dev.lock")
FOREIGN_CODE = ("static/vendor/",)
# Written in pieces, so that this file does not find itself.
REGISTRIES = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npm" + "js.org",
    "npm" + "mirror",
    "files." + "python",
    "debian" + ".org/",
)
MACHINE = re.compile(r"(^|[^A-Za-z0-9._-])/(?:wo" + r"rk|ho" + r"me|ro" + r"ot|Us" + r"ers)/")


def tracked() -> list[Path]:
    """What is committed; in an archive without git, everything that is not made by a tool."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    made = {".venv", "var", ".git", "__pycache__"}
    found = [ROOT / name for name in names if name] or [path for path in ROOT.rglob("*") if not made & set(path.parts)]
    return [path for path in found if path.is_file()]


def texts() -> dict[str, str]:
    found = {}
    for path in tracked():
        name = str(path.relative_to(ROOT))
        try:
            found[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_of_code_is_longer_than_a_reader_can_hold() -> None:
    long = {name: text.count("\n") for name, text in texts().items() if name.endswith(".py") and "/migrations/" not in name}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


def test_every_module_opens_with_what_it_is_for() -> None:
    modules = {name: ast.parse(text) for name, text in texts().items() if name.endswith(".py") and "/migrations/" not in name}
    assert [name for name, tree in modules.items() if tree.body and not ast.get_docstring(tree)] == []


def test_nothing_names_a_registry_or_a_folder_of_one_machine() -> None:
    found = [
        f"{name}: {line.strip()[:100]}"
        for name, text in texts().items()
        if not name.startswith(FOREIGN_CODE)
        for line in text.splitlines()
        if MACHINE.search(line) or any(host in line for host in REGISTRIES)
    ]
    assert found == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash)", text, re.MULTILINE)
    requirements = re.split(r"\n(?=[a-zA-Z0-9])", text)
    pinned = [item for item in requirements if "==" in item.split("\\")[0]]
    assert len(pinned) > 50
    assert [item.splitlines()[0] for item in pinned if "--hash=sha256:" not in item] == []


def dependencies() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    ours = project["project"]["dependencies"]
    return {"requirements.lock": ours, "requirements-dev.lock": ours + project["dependency-groups"]["dev"]}


@pytest.mark.parametrize("name", LOCKS)
def test_everything_the_project_asks_for_is_in_the_lock(name: str) -> None:
    locked = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([0-9][^ \\;]*)", (ROOT / name).read_text(), re.MULTILINE))
    for wanted in dependencies()[name]:
        package, floor = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?~=([0-9.]+)", wanted).groups()
        version = locked.get(re.sub(r"[-_.]+", "-", package).lower())
        assert version, f"{package} is not in {name}: make lock"
        assert version.split(".")[0] == floor.split(".")[0]


def test_the_two_locks_agree() -> None:
    pins = [set(re.findall(r"^([a-z0-9._-]+(?:\[[^]]*\])?==[^ \\]+)", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS]
    assert pins[0] - pins[1] == set()
