"""Run CDISC CORE over the datasets of a folder, offline, and write a report that `adam conform` reads (docs/conform_core.md).

For the Python of CORE's own environment (3.12, `pip install cdisc-rules-engine==0.17.1`), which has nothing of this project:

    python run.py FOLDER --rules OPEN_RULES [--define define.xml] -o report.json
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import scopes
import yaml
from cdisc_rules_engine.config import config
from cdisc_rules_engine.models.library_metadata_container import LibraryMetadataContainer
from cdisc_rules_engine.models.rule import Rule
from cdisc_rules_engine.rules_engine import RulesEngine
from cdisc_rules_engine.services import logger
from cdisc_rules_engine.services.cache import InMemoryCacheService
from cdisc_rules_engine.services.data_services import DataServiceFactory

IDS = Path(__file__).with_name("rules.txt")
STANDARD, VERSION = "adamig", "1-3"
OUTSIDE = "Outside scope"


def spaces(block: Any) -> Any:  # noqa: ANN401  (what YAML has)
    """A rule with `_` for the blanks of its keys, as the engine wants it."""
    if isinstance(block, dict):
        return {key.replace(" ", "_"): spaces(value) for key, value in block.items()}
    return [spaces(each) for each in block] if isinstance(block, list) else block


def rules_in(folder: Path, ids: list[str]) -> dict[str, dict[str, Any]]:
    """The rules of these ids, wherever in the folder they are; of two with one id the first by its path."""
    wanted = re.compile(r"^\s*Id:\s*[\"']?(" + "|".join(map(re.escape, ids)) + r")[\"']?\s*$", re.MULTILINE)
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.rglob("*.y*ml")):
        text = path.read_text(encoding="utf-8")
        if wanted.search(text):
            block = yaml.safe_load(text)
            name = (block.get("Core") or {}).get("Id")
            if name in ids and name not in found:
                found[name] = block
    return found


def engine_on(paths: list[str], define: str | None) -> RulesEngine:
    """The engine on these files, without CDISC's library."""
    library = LibraryMetadataContainer(
        standard_metadata={"_links": {"model": {"href": "/mdr/adam/adam-2-1"}}, "classes": []},
        model_metadata={"classes": []},
        variables_metadata={},
        variable_codelist_map={},
        ct_package_metadata={},
        published_ct_packages=[],
    )
    cache, size = InMemoryCacheService(), max(Path(path).stat().st_size for path in paths)
    common = {"standard": STANDARD, "standard_version": VERSION, "library_metadata": library, "max_dataset_size": size}
    service = DataServiceFactory(config, cache, **common).get_data_service(paths)
    given = {"dataset_paths": paths, "ct_packages": [], "define_xml_path": define, "validate_xml": False}
    return RulesEngine(cache=cache, data_service=service, **common, **given)


def told(name: str, results: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """What a rule found: its status, and for each dataset it looked at a message, how many issues, and the first."""
    status, found, why = "skipped", [], []
    for dataset, each in ((name, each) for name, several in results.items() for each in several):
        errors, ended = each.get("errors") or [], each.get("executionStatus")
        if ended == "skipped":
            why += [f"{error['error']}: {error['message']}" for error in errors if error.get("error") != OUTSIDE]
            continue
        failed = "error" if ended == "execution error" else "issue" if errors or ended == "issue reported" else "passed"
        status = max(status, failed, key=["skipped", "passed", "issue", "error"].index)
        if failed != "passed":
            first = json.dumps(errors[0], default=str) if errors else ""
            message = each.get("message") or ""
            found.append({"dataset": each.get("dataset") or dataset, "message": message, "count": len(errors), "first": first})
    why = sorted(set(why)) or ["it is for no dataset of this folder"]
    return {"rule": name, "status": status, "reason": "; ".join(why) if status == "skipped" else "", "issues": found}


def main() -> None:
    """Read the command line, run every rule, write the report."""
    parser = argparse.ArgumentParser(description="CDISC CORE over the datasets of a folder")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rules", type=Path, required=True, help="a folder with CDISC's open rules, in any depth")
    parser.add_argument("--ids", type=Path, default=IDS, help="the ids of the rules to run, one a line")
    parser.add_argument("--define", help="define.xml of the datasets")
    parser.add_argument("-o", dest="report", type=Path, required=True)
    said = parser.parse_args()
    logger.disabled = True
    ids = [line.split("#")[0].strip() for line in said.ids.read_text(encoding="utf-8").splitlines()]
    ids = [line for line in ids if line]
    paths = sorted(map(str, said.folder.glob("*.xpt")))
    if not paths or not said.rules.is_dir():
        sys.exit(f"{said.folder} has no transport files" if not paths else f"{said.rules} is no folder of rules")
    rules = rules_in(said.rules, ids)
    scopes.install(rules)
    engine = engine_on(paths, said.define)
    results = [told(name, engine.validate_single_rule(Rule.from_cdisc_metadata(spaces(block)))) for name, block in rules.items()]
    report = {"engine": version("cdisc-rules-engine"), "rules": results, "missing_rules": [name for name in ids if name not in rules]}
    said.report.write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
