"""The manifest of a run names what went in and what came out, and nothing of when and where."""

import datetime
import hashlib
import json
from pathlib import Path

from adam.planning.values import ResolvedStudy
from adam.submission.manifest import write_manifest


def test_its_content_is_complete_and_stable(tmp_path: Path) -> None:
    (tmp_path / "out" / "adam").mkdir(parents=True)
    (tmp_path / "out" / "adam" / "adx.xpt").write_bytes(b"data")
    (tmp_path / "adx.yaml").write_bytes(b"spec")
    study = ResolvedStudy.model_construct(name="STUDY-1", as_of=datetime.date(2021, 1, 15))
    texts = set()
    for _ in range(2):
        write_manifest(tmp_path / "out", study, {"dm.xpt": "1"}, {"adx.yaml": tmp_path / "adx.yaml"}, {"ADX": 3})
        texts.add((tmp_path / "out" / "manifest.json").read_text())
        (tmp_path / "out" / "manifest.json").unlink()
    text = texts.pop()
    assert not texts
    body = json.loads(text)
    assert body["outputs"] == {"adam/adx.xpt": hashlib.sha256(b"data").hexdigest()}
    assert body["specs"] == {"adx.yaml": hashlib.sha256(b"spec").hexdigest()}
    assert (body["study"], body["as_of"], body["inputs"], body["counts"]) == ("STUDY-1", "2021-01-15", {"dm.xpt": "1"}, {"ADX": 3})
    assert {"adamsmith", "python", "pandas"} <= set(body["versions"])
    assert str(tmp_path) not in text
    assert text == json.dumps(body, indent=2, sort_keys=True) + "\n"


def test_a_manifest_makes_the_output_ours(tmp_path: Path) -> None:
    from adam.submission.folder import stage_output

    study = ResolvedStudy.model_construct(name="S", as_of=None)
    for _ in range(2):
        with stage_output(tmp_path / "out") as new:
            (new / "adx.xpt").write_bytes(b"data")
            write_manifest(new, study, {}, {}, {})
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["as_of"] is None
