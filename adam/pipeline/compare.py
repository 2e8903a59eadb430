"""Compare two versions of analysis datasets, files or folders: PROC COMPARE for double programming."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from adam.comparison.attributes import ATTRIBUTES
from adam.comparison.compare import Options, compare_tables, renamed_table
from adam.comparison.result import Comparison as Comparison  # the public name of the result
from adam.comparison.result import DatasetComparison, Key
from adam.comparison.table import Column, Table, comparable_values
from adam.core.errors import SourceError, UsageError, did_you_mean
from adam.pipeline.compare_options import KeyOption, parse_keys, parse_names, parse_tolerances
from adam.pipeline.planning import StrPath
from adam.pipeline.selection import Selection
from adam.sources.dataset_file import DatasetFile, dataset_paths, read_dataset_file
from adam.sources.define_keys import FILE, define_keys


def compare_datasets(
    base: StrPath,
    compare: StrPath,
    key: str | Sequence[str] = (),
    *,
    specs: StrPath | None = None,
    tolerance: float | str | Sequence[str] = (),
    variables: str | Sequence[str] = (),
    names: Mapping[str, str] | Sequence[str] = (),
    where: str = "",
    ignore: str | Sequence[str] = (),
    records: int = 5,
    progress: Callable[[str, int, int], None] | None = None,
) -> Comparison:
    """Compare two versions of analysis datasets.

    Args:
        base: a file, or a folder of datasets: XPT, SAS7BDAT, Parquet, Dataset-JSON or CSV. The version that is taken as right.
        compare: the file or folder to be compared.
        key: the variables that identify a record, as names or one text with commas; `ADVS=USUBJID,PARAMCD` is for one dataset. Without
            it: the key of `specs`, of a define.xml next to the file, or the shortest one that is unique in both.
        specs: the folder of a specification whose datasets have keys.
        tolerance: how far numbers may differ: `0.001`, `relative:1e-8`, `AVAL=0.01`; exact by default.
        variables: the variables to compare; all by default.
        names: the variables of `compare` that have another name, by their name in `base`; or texts such as `AVAL=QCVAL`.
        where: a condition; only records for which it is true are compared.
        ignore: attributes that do not count: type, length, label, format, order.
        records: how many records, keys and pairs of values are kept of each difference.
        progress: called before each dataset with its name, its number and the number of datasets, and once after the last.

    Returns:
        The differences; `equal` is true if there are none.

    Raises:
        SourceError: a file or folder cannot be read, or a folder has no datasets.
        UsageError: an argument is not valid, or names a variable that is not there.
        SpecError: the specification has errors.

    >>> result = compare_datasets("tests/study/sdtm/dm.csv", "tests/study/sdtm/dm.csv")
    >>> result.equal, result.datasets[0].key.variables
    (True, ('USUBJID',))
    """
    keys, tolerances, pairs = parse_keys(key), parse_tolerances(tolerance), parse_names(names)
    selected, ignored = _listed(variables, upper=True), _listed(ignore)
    unknown = [each for each in ignored if each not in ATTRIBUTES]
    if unknown:
        raise UsageError(f"'{unknown[0]}' is not an attribute. Use one of {', '.join(ATTRIBUTES)}.")
    files, only_base, only_compare = _pairs(Path(base), Path(compare))
    finder = _Keys(keys, _specification_keys(specs))
    keys.require_known([name for name, _, _ in files])
    options = Options(tolerances, tuple(selected), pairs, tuple(ignored), records)
    selection = Selection(where)
    found, seen = [], set()
    for number, (name, one, two) in enumerate(files, 1):
        if progress is not None:
            progress(f"compare {name}", number, len(files) + 1)
        result, names_seen = _compared(name, one, two, finder, options, selection)
        found.append(result)
        seen |= names_seen
    if progress is not None:
        progress("done", len(files) + 1, len(files) + 1)
    _require_variables([*selected, *tolerances.of], pairs, seen)
    restrictions = _restrictions(where, selected, ignored, pairs)
    return Comparison(str(base), str(compare), tuple(found), only_base, only_compare, str(tolerances), restrictions)


def _listed(value: str | Sequence[str], *, upper: bool = False) -> list[str]:
    """Names in texts with commas."""
    texts = [value] if isinstance(value, str) else list(value)
    names = [name.strip() for text in texts for name in text.split(",") if name.strip()]
    return list(dict.fromkeys(name.upper() if upper else name.lower() for name in names))


def _pairs(base: Path, compare: Path) -> tuple[list[tuple[str, Path, Path]], tuple[str, ...], tuple[str, ...]]:
    """The datasets that both have with their two files, and the names of those that only one has.

    Raises:
        SourceError: a folder has no datasets or two of one name, or has no dataset of the name of the file on the other side.
    """
    if not base.is_dir() and not compare.is_dir():
        return [(base.stem.upper(), base, compare)], (), ()
    if base.is_dir() and compare.is_dir():
        one, two = dataset_paths(base), dataset_paths(compare)
        both = [(name, path, two[name]) for name, path in one.items() if name in two]
        if not both:
            raise SourceError(f"{base} and {compare} have no dataset in common: {', '.join(one)}; {', '.join(two)}. Name two files to compare them.")
        return both, tuple(name for name in one if name not in two), tuple(name for name in two if name not in one)
    folder, file = (base, compare) if base.is_dir() else (compare, base)
    paths, name = dataset_paths(folder), file.stem.upper()
    if name not in paths:
        raise SourceError(f"{folder} has no dataset {name}, the name of {file.name}. It has {', '.join(paths)}; name one of its files.")
    return [(name, paths[name], file) if base.is_dir() else (name, file, paths[name])], (), ()


def _specification_keys(specs: StrPath | None) -> Mapping[str, tuple[str, ...]]:
    """The keys of the datasets of a specification."""
    if specs is None:
        return {}
    from adam.pipeline.planning import plan_study  # noqa: PLC0415

    return {name: tuple(dataset.key) for name, dataset in plan_study(specs).datasets.items()}


class _Keys:
    """Where the key of a dataset is declared: an option, a specification, or a define.xml next to one of the files."""

    def __init__(self, option: KeyOption, specification: Mapping[str, tuple[str, ...]]) -> None:
        self.option = option
        self.specification = specification
        self._defines: dict[Path, Mapping[str, tuple[str, ...]]] = {}

    def of(self, name: str, base: Table, compare: Table, files: Sequence[DatasetFile], notes: list[str]) -> Key | None:
        """The key that is declared for a dataset; None if it must be searched.

        Raises:
            UsageError: a variable of --key is not in both datasets.
            SourceError: a define.xml cannot be read.
        """
        asked = self.option.of(name)
        if asked:
            _require_key(name, asked, base, compare)
            return Key(asked, "--key")
        for names, source in self._declared(name, files):
            lacking = [each for each in names if each not in base.columns or each not in compare.columns]
            if not lacking:
                return Key(names, source)
            notes.append(f"The key of the {source} is not used: {', '.join(lacking)} is not in both datasets.")
        return None

    def _declared(self, name: str, files: Sequence[DatasetFile]) -> list[tuple[tuple[str, ...], str]]:
        found = [(self.specification[name], "specification")] if name in self.specification else []
        for side, file in zip(("BASE", "COMPARE"), files, strict=True):
            keys = self._define(file.path.parent / FILE)
            key = keys.get(name) or keys.get(file.name)
            if key:
                found.append((key, f"define.xml of {side}"))
        return found

    def _define(self, path: Path) -> Mapping[str, tuple[str, ...]]:
        if path not in self._defines:
            self._defines[path] = define_keys(path) if path.is_file() else {}
        return self._defines[path]


def _require_key(name: str, key: Sequence[str], base: Table, compare: Table) -> None:
    for side, table in (("BASE", base), ("COMPARE", compare)):
        lacking = [each for each in key if each not in table.columns]
        if lacking:
            advice = f" For one dataset of a folder write --key {name}=..., for a variable of another name --map."
            raise UsageError(f"{name} of {side} has no variable {lacking[0]} (--key){did_you_mean(lacking[0], table.columns)}{advice}")


def _compared(name: str, one: Path, two: Path, keys: _Keys, options: Options, selection: Selection) -> tuple[DatasetComparison, set[str]]:
    """The comparison of one dataset, and the names that it has: variables, and `NAME=OTHER` of those with two names."""
    files = [read_dataset_file(one), read_dataset_file(two)]
    base, original = (_table(file) for file in files)
    compare, notes = renamed_table(base, original, options.names)
    base, compare = selection.apply(name, "BASE", base), selection.apply(name, "COMPARE", compare)
    key = keys.of(name, base, compare, files, notes)
    result = compare_tables(name, base, compare, key, options, notes)
    pairs = {f"{own}={other}" for own, other in options.names if own in base.columns and other in original.columns}
    return result, {*base.columns, *compare.columns, *pairs}


def _table(file: DatasetFile) -> Table:
    """The dataset of a file in the form that is compared."""
    columns = {}
    for name, kind in file.kinds.items():
        stored = file.attributes[name]
        values = comparable_values(file.frame[name], kind)
        columns[name] = Column(file.names[name], kind, values, stored.label, stored.length, stored.format, file.special.get(name))
    return Table(str(file.path), file.label, columns, len(file.frame), file.notes)


def _require_variables(names: Sequence[str], pairs: Sequence[tuple[str, str]], known: set[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"No dataset that is compared has the variable {unknown[0]}{did_you_mean(unknown[0], sorted(known))}")
    for own, other in pairs:
        if f"{own}={other}" not in known:
            raise UsageError(f"--map {own}={other}: no dataset has {own} in BASE and {other} in COMPARE. Correct the names.")


def _restrictions(where: str, variables: Sequence[str], ignored: Sequence[str], names: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What is not compared, or compared under another name, as sentences."""
    found = [f"Only records with {where} are compared."] if where else []
    found += [f"Only the variables {', '.join(variables)} and the key are compared."] if variables else []
    found += [f"These attributes do not count: {', '.join(ignored)}."] if ignored else []
    return (*found, *(f"{own} of BASE is compared with {other} of COMPARE." for own, other in names))
