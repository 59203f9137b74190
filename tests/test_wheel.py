"""The wheel alone is a whole product: pages' assets, phrases, papers and sheets are inside."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ASSETS = {
    "htmx.min.js", "echarts.min.js", "icons.svg", "tabler.css",
    "icon-192.png", "icon-512.png", "icon-maskable-512.png",
}  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder],
        check=True,
        cwd=ROOT,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_contains_every_asset_and_no_test(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    vendor = {Path(n).name for n in names if "/static/web/vendor/" in n}
    assert vendor == ASSETS
    assert "xiaoer/locale/zh_Hans/LC_MESSAGES/django.mo" in names
    assert [n for n in names if n.endswith(".typ")]
    assert not [n for n in names if "/tests/" in n]


def test_the_wheel_runs_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    """In a clean environment that has the dependencies but not this checkout."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    install = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run(install, check=True)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": sysconfig.get_paths()["purelib"],
        "XIAOER_SECRET": "x" * 50,
        "XIAOER_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "xiaoer.config.settings",
    }
    script = (
        "import django, xiaoer; django.setup(); from django.template.loader import get_template;"
        "from django.utils import translation; from django.contrib.staticfiles import finders;"
        "translation.activate('zh-hans'); from django.utils.translation import gettext as _;"
        "get_template('account/login.html');"
        "print(xiaoer.__file__, _('To do'), bool(finders.find('web/vendor/htmx.min.js')))"
    )
    done = subprocess.run(
        [python, "-c", script], env=environment, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    place, words, found = done.stdout.split()
    assert place.startswith(str(tmp_path))
    assert (words, found) == ("待办", "True")
