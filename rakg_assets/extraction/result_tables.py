"""The benchmarks' results as tables after Tables 3 to 6 of the paper, beside its figures.

Belongs here: which rows and columns, and the tables as plain text. Does not belong here: words and
notes (`result_words.py`), statistics (`comparison.py`), how cells are run (`benchmark.py`), the
page that shows them (`graph/report.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rakg_assets.extraction.cells import CURVE_RECORDS, Result, read_results
from rakg_assets.extraction.comparison import MISSING, Spread, spread_of
from rakg_assets.extraction.result_words import MIXED, NAMES, NOTE, SHIPPED, Words
from rakg_assets.extraction.zoo import DEFAULTS, MODELS
from rakg_assets.ontology.schema import EntityType, Relation

_PREDICTED = ("predicted", "overall")
# Abstract and text of doi 10.21037/qims-22-1158: mean F1 on records that are not public. What is
# not listed here is not known to this project and shown as missing.
PUBLISHED_ENTITIES, PUBLISHED_GOLD, PUBLISHED_PREDICTED = 92.96, 95.29, 73.64
# The rows that are built like the paper's own models.
_LIKE_PAPER = ("encoder-bilstm-crf-features", "encoder-ffnn")

_SEEDS, _P = Words("种子数", "seeds"), Words("p 值", "p")
_PAPER = Words("论文", "paper")
_BETWEEN_GOLD = Words("给定标注实体（对应论文表 4）", "gold entities (after Table 4)")
_BETWEEN_FOUND = Words("给定模型预测的实体（对应论文表 5）", "predicted entities (after Table 5)")


@dataclass(frozen=True)
class ResultTable:
    """One table; the first cell of a row names it, the others are figures as text."""

    title: Words
    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]

    def text(self, form: str = "simple") -> str:
        """The table in English, in a format of tabulate: "simple" or "github" say."""
        from tabulate import tabulate

        head = [words.english for words in self.head]
        rows = [[words.english for words in row] for row in self.rows]
        align = ("left", *["right"] * (len(head) - 1))
        body = tabulate(rows, head, tablefmt=form, disable_numparse=True, colalign=align)
        return f"{self.title.en}\n\n{body}"


def result_tables(folder: Path) -> list[ResultTable]:
    """The tables of all results in a folder; none where there is no result."""
    results = read_results(folder)
    return list(_tables(results)) if results else []


def tables_text(folder: Path, form: str = "simple") -> str:
    """All tables in English, one below the other, and what to know when reading them.

    Empty where there is no result.
    """
    tables = (table.text(form) for table in result_tables(folder))
    return "\n\n".join([*tables, *(words.en for words in reading_notes(folder))])


def reading_notes(folder: Path, shipped: bool = False) -> list[Words]:
    """What to know when reading the tables; also that results do not belong together.

    `shipped`: they are not of the home that shows them.
    """
    results = read_results(folder)
    if not results:
        return []
    return [*([SHIPPED] if shipped else []), *([MIXED] if _mixed(results) else []), NOTE]


def _mixed(results: Sequence[Result]) -> bool:
    """Whether annotations differ between results, or settings within a row."""
    rows = {(r["kind"], r["model"], r.get("records")) for r in results}
    settings = {(r["kind"], r["model"], r.get("records"), r.get("setting")) for r in results}
    return len({r.get("data") for r in results}) > 1 or len(settings) > len(rows)


def _tables(results: Sequence[Result]) -> Iterator[ResultTable]:
    entities, relations = (_Rows.of(results, kind) for kind in MODELS)
    yield _entities_by_model(entities)
    yield _entities_by_type(entities)
    yield _relations_by_type(relations, _BETWEEN_GOLD, (), PUBLISHED_GOLD)
    yield _relations_by_type(relations, _BETWEEN_FOUND, ("predicted",), PUBLISHED_PREDICTED)
    yield _relations_by_model(relations)
    yield _learning_curve(results)


@dataclass(frozen=True)
class _Rows:
    """Results of all records of train by model, the default one among them."""

    kind: str
    models: Mapping[str, Sequence[Result]]

    @classmethod
    def of(cls, results: Sequence[Result], kind: str) -> _Rows:
        return cls(kind, {model: _of_model(results, kind, model) for model in MODELS[kind]})

    @property
    def default(self) -> Sequence[Result]:
        return self.models.get(DEFAULTS[self.kind], ())

    def name(self, model: str) -> Words:
        """What a row is called, the default marked."""
        name = _name(model)
        if model != DEFAULTS[self.kind]:
            return name
        return Words(f"{name.zh}（默认）", f"{name.english} (default)")

    def p(self, model: str) -> Words:
        """Whether a row differs from the default."""
        p = spread_of(self.models[model]).p_against(spread_of(self.default))
        return Words(MISSING if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}")


def _of_model(
    results: Sequence[Result], kind: str, model: str, records: int | None = None
) -> list[Result]:
    wanted = (kind, model, records)
    return [r for r in results if (r["kind"], r["model"], r.get("records")) == wanted]


def _entities_by_model(rows: _Rows) -> ResultTable:
    def row(model: str, results: Sequence[Result]) -> tuple[Words, ...]:
        figures = (spread_of(results, figure=name) for name in ("precision", "recall", "f1"))
        fresh = spread_of(results, ("unseen", "overall"))
        paper = PUBLISHED_ENTITIES if model in _LIKE_PAPER else None
        last = (*map(_cell, (*figures, fresh)), _count(results), rows.p(model), _published(paper))
        return (rows.name(model), *last)

    return ResultTable(
        Words("实体识别：各模型（对应论文表 3）", "Entities by model (after Table 3)"),
        (
            Words("模型", "model"),
            Words("精确率", "precision"),
            Words("召回率", "recall"),
            Words("F1", "F1"),
            Words("新句子 F1", "F1 of unseen sentences"),
            _SEEDS,
            _P,
            _PAPER,
        ),
        tuple(row(*item) for item in rows.models.items()),
    )


def _entities_by_type(rows: _Rows) -> ResultTable:
    return ResultTable(
        Words(
            "实体识别：各类型（对应论文表 3 的最佳模型）",
            "Entities by type, default model (after Table 3, best row)",
        ),
        _by_type_head(Words("类型", "type")),
        tuple(_by_type(rows.default, (), EntityType, PUBLISHED_ENTITIES)),
    )


def _relations_by_type(
    rows: _Rows, between: Words, path: tuple[str, ...], paper: float
) -> ResultTable:
    learned = [relation for relation in Relation if relation.learned]
    return ResultTable(
        Words(f"关系抽取：各关系，{between.zh}", f"Relations by type, default model, {between.en}"),
        _by_type_head(Words("关系", "relation")),
        tuple(_by_type(rows.default, path, learned, paper)),
    )


def _by_type_head(first: Words) -> tuple[Words, ...]:
    return (first, Words("测试集数量", "gold"), Words("F1"), _SEEDS, _PAPER)


def _by_type(
    results: Sequence[Result],
    path: tuple[str, ...],
    types: Iterable[EntityType | Relation],
    paper: float,
) -> Iterator[tuple[Words, ...]]:
    """A row for each type and one for all."""
    places = [(Words(t.zh, t.en), (*path, "by_type", t.value), None) for t in types]
    for name, place, published in [*places, (Words("全部", "all"), (*path, "overall"), paper)]:
        f1, gold = spread_of(results, place), spread_of(results, place, "gold")
        count = Words(MISSING if gold.mean is None else f"{gold.mean:.0f}")
        seeds = Words(str(len(f1.values)))
        yield name, count, _cell(f1), seeds, _published(published)


def _relations_by_model(rows: _Rows) -> ResultTable:
    def row(model: str, results: Sequence[Result]) -> tuple[Words, ...]:
        known = model in _LIKE_PAPER
        return (
            rows.name(model),
            _cell(spread_of(results)),
            rows.p(model),
            _published(PUBLISHED_GOLD if known else None),
            _cell(found := spread_of(results, _PREDICTED)),
            _published(PUBLISHED_PREDICTED if known else None),
            _seeds(results, found),
        )

    return ResultTable(
        Words("关系抽取：各模型（对应论文表 6）", "Relations by model (after Table 6)"),
        (
            Words("模型", "model"),
            Words("F1，标注实体", "F1, gold entities"),
            _P,
            _PAPER,
            Words("F1，预测实体", "F1, predicted entities"),
            _PAPER,
            _SEEDS,
        ),
        tuple(row(*item) for item in rows.models.items()),
    )


def _seeds(results: Sequence[Result], found: Spread) -> Words:
    """How many seeds; with a second number where fewer were scored on what a model found."""
    both = len(results), len(found.values)
    return Words(" / ".join(map(str, both)) if both[1] not in (0, both[0]) else str(both[0]))


def _learning_curve(results: Sequence[Result]) -> ResultTable:
    """A row for each model that was trained on fewer records, and number of records."""
    learnt = {(r["kind"], r["model"]) for r in results if r.get("records")}

    def row(kind: str, model: str, records: int | None) -> tuple[Words, ...]:
        found = _of_model(results, kind, model, records)
        used = max((r["sizes"]["train"] for r in found), default=records)
        count = Words(f"{used or MISSING}")
        relations = _cell(spread_of(found, _PREDICTED)) if kind == "relation" else Words(MISSING)
        return (_name(model), count, _cell(spread_of(found)), relations, _count(found))

    return ResultTable(
        Words("学习曲线：训练病历数", "Learning curve: F1 by records to train on"),
        (
            Words("模型", "model"),
            Words("训练病历", "records"),
            Words("F1"),
            Words("F1，预测实体", "F1, predicted entities"),
            _SEEDS,
        ),
        tuple(
            row(kind, model, records) for kind, model in sorted(learnt) for records in CURVE_RECORDS
        ),
    )


def _name(model: str) -> Words:
    return NAMES.get(model, Words(model))


def _cell(spread: Spread) -> Words:
    return Words(str(spread))


def _count(results: Sequence[Result]) -> Words:
    return Words(str(len(results)))


def _published(value: float | None) -> Words:
    return Words(MISSING if value is None else f"{value:.2f}")
