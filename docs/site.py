"""Build the documentation as a site that can be searched and needs no server: `python -m docs.site OUT [--demo DEMO]`.

The pages are those of the repository, in the same folders, so a link that works on a code host works in the site. The navigation is that
of `docs/index.md`. A warning of the generator, a page that the index does not link, or a link to a file that does not exist is an error.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
INDEX = "docs/index.md"
PAGES = ("*.md", "docs/**/*.md", "benchmarks/*.md", "specs/*/*.md")
"""The pages of the site; a page outside docs is in no section of the navigation."""
SHIM = "docs/assets/iframe-worker.js"
"""Browsers start no worker from a file; with this script the search works from disk."""
LINK = re.compile(r"\]\(([^)#\s:]+)(?:#[^)\s]*)?\)")
SECTION = re.compile(r"^\*\*(.+)\*\*$")
DEMO = """
**Output of the demo**

| you want to see | open |
|---|---|
| findings, distributions, lineage, numbers | [the report](../demo/report/index.html) |
| the metadata of the datasets | [define.html](../demo/adam/define.html) |
| the reviewer's guide | [adrg.html](../demo/adam/adrg.html) |
| tables and figures with their numbers and programs | [displays.html](../demo/adam/displays.html) |
"""
"""What the index of a site with the demo has in addition."""

NOT_IN_SITE = ("sdtm", "dataset-json")
"""Folders of the demo to which no page links."""


class SiteError(Exception):
    """The site cannot be built; the message states why."""


def pages(root: Path = ROOT) -> list[str]:
    """The pages of the repository, from its root."""
    return sorted({path.relative_to(root).as_posix() for pattern in PAGES for path in root.glob(pattern)})


def linked(page: str, root: Path = ROOT) -> list[str]:
    """The files of the repository that a page links to, from the root.

    Raises:
        SiteError: a link leads to no file of the repository. A folder is none: a page from disk has no list of its files.
    """
    found = []
    for link in LINK.findall((root / page).read_text(encoding="utf-8")):
        target = (root / page).parent.joinpath(link).resolve()
        if not target.is_file() or not target.is_relative_to(root):
            raise SiteError(f"{page}: the link '{link}' leads to no file of the repository.")
        found.append(target.relative_to(root).as_posix())
    return found


def navigation(root: Path = ROOT) -> list[Mapping[str, str | list[str]]]:
    """The pages of the index in its order, with its sections.

    Raises:
        SiteError: the index does not link a page of docs.
    """
    sections: dict[str, list[str]] = {}
    section = "Start"
    for line in (root / INDEX).read_text(encoding="utf-8").splitlines():
        if heading := SECTION.match(line):
            section = heading[1]
        for link in LINK.findall(line):
            page = (root / INDEX).parent.joinpath(link).resolve().relative_to(root).as_posix()
            if all(page not in known for known in sections.values()):
                sections.setdefault(section, []).append(page)
    listed = {INDEX, *(page for known in sections.values() for page in known)}
    if missing := [page for page in pages(root) if page.startswith("docs/") and page not in listed]:
        raise SiteError(f"{INDEX} does not link {', '.join(missing)}.")
    return [{"Overview": "README.md"}, {"What to read": INDEX}, *({name: known} for name, known in sections.items())]


def build_site(out: Path, demo: Path | None = None) -> None:
    """Build the site.

    Args:
        out: the folder of the site; it must not exist, or be empty.
        demo: an output of `adam demo` to add, without its source data and Dataset-JSON files.

    Raises:
        SiteError: the generator has a warning, the index lacks a page, a link leads nowhere, or `out` has files.
    """
    if out.exists() and any(out.iterdir()):
        raise SiteError(f"{out} is not empty. Name a new folder.")
    if demo is not None and (missing := [link for link in LINK.findall(DEMO) if not (demo / link.removeprefix("../demo/")).is_file()]):
        raise SiteError(f"{demo} has no {missing[0].removeprefix('../demo/')}. Name the output of `adam demo`.")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder).resolve()
        _collect(work / "pages", with_demo=demo is not None)
        (work / "mkdocs.yml").write_text(json.dumps(_settings()), encoding="utf-8")
        command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", str(work / "mkdocs.yml")]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SiteError(f"The site has warnings.\n{done.stdout}{done.stderr}")
        (work / "site" / "404.html").unlink()  # only a server would show it
        shutil.copytree(work / "site", out, dirs_exist_ok=True)
    if demo is not None:
        shutil.copytree(demo, out / "demo", ignore=lambda path, _: NOT_IN_SITE if Path(path) == demo else ())


def _collect(folder: Path, *, with_demo: bool) -> None:
    """Copy the pages, and the files that they link to, into a folder for the generator."""
    everything = {SHIM, *pages()}
    everything |= {file for page in pages() for file in linked(page)}
    for file in sorted(everything):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, folder / file)
    if with_demo:
        with (folder / INDEX).open("a", encoding="utf-8") as index:
            index.write(DEMO)


def _settings() -> dict[str, object]:
    """The settings of the generator: nothing is fetched from the network."""
    return {
        "site_name": "adamsmith",
        "site_description": "ADaM analysis datasets from one YAML specification",
        "docs_dir": "pages",
        "site_dir": "site",
        "use_directory_urls": False,
        "nav": navigation(),
        "theme": {"font": False, "features": ["content.code.copy", "navigation.footer", "navigation.top", "search.highlight"]},
        "plugins": ["search", "offline"],
        "extra": {"generator": False, "polyfills": [{"path": SHIM, "type": "text/javascript", "async": False, "defer": False}]},
    }


def main() -> int:
    """Build the site that the command line names; 2 if it cannot be built."""
    parser = argparse.ArgumentParser(prog="python -m docs.site", description="Build the documentation as a site.")
    parser.add_argument("out", type=Path, help="the folder of the site, new or empty")
    parser.add_argument("--demo", type=Path, help="an output of `adam demo` to add: its report, define.xml and guide")
    options = parser.parse_args()
    try:
        build_site(options.out, options.demo)
    except SiteError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"Open {options.out / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
