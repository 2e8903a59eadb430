"""Run CDISC CORE on the datasets of a folder, offline, and write a report that `adam conform` reads (docs/conform_core.md).

It runs in CORE's own environment (Python 3.12, `pip install cdisc-rules-engine==0.17.1`), which does not have this project:

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
    """A rule with `_` in place of the blanks in its keys, as the engine expects it."""
    if isinstance(block, dict):
        return {key.replace(" ", "_"): spaces(value) for key, value in block.items()}
    return [spaces(each) for each in block] if isinstance(block, list) else block


def rules_in(folder: Path, ids: list[str]) -> dict[str, dict[str, Any]]:
    """The rules with these ids, from any depth of the folder; if two have the same id, the first by path."""
    pattern = re.compile(r"^\s*Id:\s*[\"']?(" + "|".join(map(re.escape, ids)) + r")[\"']?\s*$", re.MULTILINE)
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.rglob("*.y*ml")):
        text = path.read_text(encoding="utf-8")
        if pattern.search(text):
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
    files = {"dataset_paths": paths, "ct_packages": [], "define_xml_path": define, "validate_xml": False}
    return RulesEngine(cache=cache, data_service=service, **common, **files)


def result_of(name: str, results: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The result of a rule: its status, and for each dataset with issues the message, their number and the first one."""
    status, issues, reasons = "skipped", [], []
    for dataset, each in ((name, each) for name, several in results.items() for each in several):
        errors, ended = each.get("errors") or [], each.get("executionStatus")
        if ended == "skipped":
            reasons += [f"{error['error']}: {error['message']}" for error in errors if error.get("error") != OUTSIDE]
            continue
        failed = "error" if ended == "execution error" else "issue" if errors or ended == "issue reported" else "passed"
        status = max(status, failed, key=["skipped", "passed", "issue", "error"].index)
        if failed != "passed":
            first = json.dumps(errors[0], default=str) if errors else ""
            message = each.get("message") or ""
            issues.append({"dataset": each.get("dataset") or dataset, "message": message, "count": len(errors), "first": first})
    reasons = sorted(set(reasons)) or ["it applies to no dataset of this folder"]
    return {"rule": name, "status": status, "reason": "; ".join(reasons) if status == "skipped" else "", "issues": issues}


def main() -> None:
    """Read the command line, run every rule, write the report."""
    parser = argparse.ArgumentParser(description="Run CDISC CORE on the datasets of a folder")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rules", type=Path, required=True, help="a folder with CDISC's open rules, in any depth")
    parser.add_argument("--ids", type=Path, default=IDS, help="the ids of the rules to run, one per line")
    parser.add_argument("--define", help="define.xml of the datasets")
    parser.add_argument("-o", dest="report", type=Path, required=True)
    options = parser.parse_args()
    logger.disabled = True
    ids = [line.split("#")[0].strip() for line in options.ids.read_text(encoding="utf-8").splitlines()]
    ids = [line for line in ids if line]
    paths = sorted(map(str, options.folder.glob("*.xpt")))
    if not paths or not options.rules.is_dir():
        sys.exit(f"{options.folder} has no transport files" if not paths else f"{options.rules} is not a folder")
    rules = rules_in(options.rules, ids)
    scopes.install(rules)
    engine = engine_on(paths, options.define)
    results = [result_of(name, engine.validate_single_rule(Rule.from_cdisc_metadata(spaces(block)))) for name, block in rules.items()]
    report = {"engine": version("cdisc-rules-engine"), "rules": results, "missing_rules": [name for name in ids if name not in rules]}
    options.report.write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
