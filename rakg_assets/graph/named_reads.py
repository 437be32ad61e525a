"""The reads that have a name: what they ask, in Chinese and English, and their Cypher.

Belongs here: the one list that the command line, the README and the tests are made from. Does not
belong here: how a read is asked (`questions.py`) or Cypher (`cypher.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from rakg_assets.fusion.rules import RA_NAME
from rakg_assets.graph import cypher
from rakg_assets.graph.questions import NamedRead, Question, Surroundings
from rakg_assets.graph.reads import DEFAULT_LIMIT
from rakg_assets.ontology.schema import EntityType, Relation

_TOP = 15


def _leads_to(name: str, relation: Relation, en: str, zh: str) -> Question:
    return Question(name, en, zh, cypher.tails_of(relation), (relation.head,))


def _leads_from(name: str, relation: Relation, en: str, zh: str) -> Question:
    return Question(name, en, zh, cypher.heads_of(relation), tuple(sorted(relation.tails)))


_R = Relation
top_treatments = Question(
    "top_treatments",
    "The commonest treatments of rheumatoid arthritis",
    "类风湿关节炎最常用的治疗",
    cypher.tails_of(_R.DISEASE_TREATMENT),
    (EntityType.DISEASE,),
    {"concept": RA_NAME, "limit": _TOP},
)
treatments_of = _leads_to(
    "treatments_of", _R.DISEASE_TREATMENT, "How a disease is treated", "某种疾病如何治疗"
)
symptoms_of = _leads_to(
    "symptoms_of", _R.DISEASE_SYMPTOM, "Symptoms of a disease", "某种疾病有哪些症状"
)
signs_of = _leads_to(
    "signs_of", _R.DISEASE_PHYSICAL_EXAMINATION, "Signs of a disease", "某种疾病有哪些体征"
)
lab_tests_of = _leads_to(
    "lab_tests_of",
    _R.DISEASE_LAB_TEST,
    "Laboratory tests of a disease",
    "某种疾病做哪些实验室检查",
)
imaging_tests_of = _leads_to(
    "imaging_tests_of",
    _R.DISEASE_IMAGING_TEST,
    "Imaging tests of a disease",
    "某种疾病做哪些影像学检查",
)
symptoms_of_body_part = _leads_to(
    "symptoms_of_body_part",
    _R.BODY_PART_SYMPTOM,
    "What is felt at a body part",
    "某个部位有哪些症状",
)
signs_of_body_part = _leads_to(
    "signs_of_body_part",
    _R.BODY_PART_PHYSICAL_EXAMINATION,
    "What is found on examining a body part",
    "某个部位有哪些体征",
)
body_parts_of_symptom = _leads_from(
    "body_parts_of_symptom", _R.BODY_PART_SYMPTOM, "Where a symptom is felt", "某种症状在哪些部位"
)
aggravating_factors_of = _leads_from(
    "aggravating_factors_of",
    _R.AGGRAVATING_FACTOR_SYMPTOM,
    "What aggravates a symptom",
    "什么使某种症状加重",
)
mitigation_factors_of = _leads_from(
    "mitigation_factors_of",
    _R.MITIGATION_FACTOR_SYMPTOM,
    "What relieves a symptom, other than a treatment",
    "什么使某种症状缓解（治疗除外）",
)
treatments_that_improved = _leads_from(
    "treatments_that_improved",
    _R.TREATMENT_IMPROVED,
    "Treatments after which a symptom or disease got better",
    "哪些治疗改善了某种症状或疾病",
)
treatments_that_did_not_improve = _leads_from(
    "treatments_that_did_not_improve",
    _R.TREATMENT_NOT_IMPROVED,
    "Treatments after which a symptom or disease did not get better",
    "哪些治疗未改善某种症状或疾病",
)
improved_by = _leads_to(
    "improved_by", _R.TREATMENT_IMPROVED, "What got better after a treatment", "某种治疗改善了什么"
)
not_improved_by = _leads_to(
    "not_improved_by",
    _R.TREATMENT_NOT_IMPROVED,
    "What did not get better after a treatment",
    "某种治疗未改善什么",
)
surroundings = Surroundings(
    "subgraph",
    "The graph around a concept: its best supported neighbours and the edges among them",
    "某个概念周围的图谱",
    cypher.NEIGHBOURS,
    tuple(EntityType),
    {"concept": None, "depth": 1, "limit": DEFAULT_LIMIT},
)

READS: Mapping[str, NamedRead] = {
    read.name: read
    for read in (
        top_treatments,
        treatments_of,
        symptoms_of,
        signs_of,
        lab_tests_of,
        imaging_tests_of,
        symptoms_of_body_part,
        signs_of_body_part,
        body_parts_of_symptom,
        aggravating_factors_of,
        mitigation_factors_of,
        treatments_that_improved,
        treatments_that_did_not_improve,
        improved_by,
        not_improved_by,
        surroundings,
    )
}


def as_list() -> str:
    """All reads by name with their parameters, a line or two each."""
    return "\n".join(
        f"{read.name}({', '.join(map(_parameter, read.parameters.items()))})\n"
        f"    {read.zh}; {read.en}"
        for read in READS.values()
    )


def _parameter(item: tuple[str, object]) -> str:
    name, default = item
    return name if default is None else f"{name}={default}"


def as_markdown() -> str:
    """All reads with their Cypher, as the README shows them."""
    return "\n\n".join(
        f"`{read.name}`: {read.zh}. {read.en}.\n\n```cypher\n{read.cypher}\n```"
        for read in READS.values()
    )
