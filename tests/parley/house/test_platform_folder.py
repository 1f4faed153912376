"""`platform/` is a folder on the path and never a package: Python's own module of that name stays itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .instances import ROOT, surroundings


def test_there_is_no_package_named_platform():
    assert not (ROOT / "platform" / "__init__.py").exists()


@pytest.mark.parametrize("first", ["platform", "uuid", "celery", "weasyprint", "uvicorn"])
def test_the_standard_module_wins_with_root_and_folder_on_the_path(first):
    words = f"import {first}, platform, parley; print(platform.python_version(), parley.__file__)"

    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, env=surroundings(), capture_output=True, text=True)

    version = ".".join(map(str, sys.version_info[:3]))
    assert done.stdout.split() == [version, str(ROOT / "platform" / "parley" / "__init__.py")]


def test_manage_refuses_to_start_beside_a_package_named_platform(tmp_path: Path):
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "platform").mkdir()
    (tmp_path / "platform" / "__init__.py").touch()

    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True
    )

    stray = tmp_path / "platform" / "__init__.py"
    assert done.returncode == 1
    assert done.stderr == (
        f"{stray} must not exist: platform/ is a plain folder. Delete that file (docs/architecture.md).\n"
    )


def test_git_and_the_image_keep_the_stray_file_out():
    assert "/platform/__init__.py" in (ROOT / ".gitignore").read_text().splitlines()
    assert "platform/__init__.py" in (ROOT / ".dockerignore").read_text().splitlines()
