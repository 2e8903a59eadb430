"""What a wheel must hold: every package, and every file beside the Python of one."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]


def folder(package: str) -> Path:
    """Where a package lies: as it is called, but for those that `package-dir` names."""
    return ROOT / SETUPTOOLS["package-dir"].get(package, package.replace(".", "/"))


def test_every_package_is_in_the_wheel() -> None:
    found = {path.parent for name in ("adam", "validation") for path in (ROOT / name).rglob("*.py")}
    assert found <= {folder(package) for package in SETUPTOOLS["packages"]}


def test_every_file_beside_the_python_is_in_the_wheel() -> None:
    packaged = {path for package, globs in SETUPTOOLS["package-data"].items() for glob in globs for path in folder(package).glob(glob)}
    found = {path for name in ("adam", "validation", "specs") for path in (ROOT / name).rglob("*") if path.is_file()}
    made = {path for path in found if path.suffix == ".py" or path.parent.name == "__pycache__"}  # Python, and what is compiled at use
    assert found - made == packaged
