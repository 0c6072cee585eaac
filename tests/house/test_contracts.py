"""ruff, mypy and the import contracts are part of the suite: one command says whether the tree is sound."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.embedded
ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
CHECKS = {
    "import contracts": [*LINT_IMPORTS, "--no-cache"],
    "ruff": [sys.executable, "-m", "ruff", "check", "."],
    "ruff format": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "mypy --strict": [sys.executable, "-m", "mypy", "config", "kpi", "wellbeing", "staffing"],
    "packages that fit together": [sys.executable, "-m", "pip", "check"],
    "missing migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "django check": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
}


@pytest.mark.parametrize("name", CHECKS)
def test_the_tree_passes(name: str) -> None:
    done = subprocess.run(CHECKS[name], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
