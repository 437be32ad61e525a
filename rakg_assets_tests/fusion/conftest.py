"""Small dictionaries for the tests of linking and triples."""

from __future__ import annotations

from pathlib import Path

import pytest

import rakg_assets
from rakg_assets.fusion.calibration import Curve, read_calibration
from rakg_assets.fusion.linking import Linker
from rakg_assets.fusion.normalise import Normaliser
from rakg_assets.ontology.dictionaries import Concept, Dictionary
from rakg_assets.ontology.schema import EntityType

WORDS = Path(rakg_assets.__file__).parents[1] / "dictionaries" / "normalisation"

_CONCEPTS: dict[EntityType, tuple[Concept, ...]] = {
    EntityType.TREATMENT: (
        Concept("T1", "甲氨蝶呤", "methotrexate", ("MTX", "氨甲蝶呤")),
        Concept("T2", "来氟米特", "leflunomide", ("爱若华", "妥抒")),
        Concept("T3", "泼尼松", "prednisone", ("强的松",)),
        Concept("T4", "泼尼松龙", "prednisolone", ("强的松龙",)),
        Concept("T5", "羟氯喹", "hydroxychloroquine", ("纷乐",)),
        Concept("T6", "左氧氟沙星", "levofloxacin"),
        Concept("T7", "膝关节镜清理术", "arthroscopic debridement of the knee"),
        Concept("T8", "英夫利西单抗", "infliximab"),
        Concept("T9", "云克", "technetium methylenediphosphonate", ambiguous=("锝",)),
        Concept("T10", "锝[99mTc]显像剂", "technetium agent", ambiguous=("锝",)),
        Concept("T11", "缬沙坦", "valsartan"),
    ),
    EntityType.DISEASE: (
        Concept("D1", "类风湿关节炎", "rheumatoid arthritis", ("RA", "类风关")),
        Concept("D2", "老年起病类风湿关节炎", "late-onset rheumatoid arthritis", parent="D1"),
        Concept("D3", "高血压病", "hypertension", ("原发性高血压",)),
        Concept("D4", "2型糖尿病", "type 2 diabetes", ("T2DM",)),
        Concept("D5", "1型糖尿病", "type 1 diabetes"),
        Concept("D6", "骨关节炎", "osteoarthritis"),
        Concept("D7", "血清阴性老年起病类风湿关节炎", "seronegative", parent="D2"),
        Concept("D8", "酒精性脂肪肝", "alcoholic fatty liver"),
    ),
    EntityType.SYMPTOM: (
        Concept("S1", "肿痛", "swelling and pain", ("关节肿痛",)),
        Concept("S2", "晨僵", "morning stiffness"),
        Concept("S3", "咽干", "dry throat"),
        Concept("S4", "心悸", "palpitation"),
    ),
    EntityType.PHYSICAL_EXAMINATION: (
        Concept("P1", "浮髌试验", "floating patella test"),
        Concept("P2", "压痛", "tenderness"),
        Concept("P3", "4字试验", "FABER test"),
    ),
    EntityType.IMAGING_TEST: (
        Concept("I1", "手X线检查", "radiograph of the hand"),
        Concept("I2", "胸部CT", "chest CT"),
        Concept("I3", "膝关节MRI", "MRI of the knee"),
    ),
    EntityType.LAB_TEST: (
        Concept("L1", "C反应蛋白", "C-reactive protein", ("CRP",)),
        Concept("L2", "抗CCP抗体", "anti-CCP antibody"),
        Concept("L3", "血红蛋白", "haemoglobin"),
        Concept("L4", "中性粒细胞计数", "neutrophil count", ("N",)),
        Concept("L5", "中性粒细胞百分比", "neutrophil percentage", ("N%",)),
    ),
    EntityType.AGGRAVATING_FACTOR: (Concept("A1", "受凉", "cold", ("着凉",)),),
    EntityType.MITIGATION_FACTOR: (Concept("M1", "休息", "rest", ("卧床休息",)),),
    EntityType.BODY_PART: (
        Concept("B1", "掌指关节", "metacarpophalangeal joint", ("MCP",)),
        Concept("B2", "近端指间关节", "proximal interphalangeal joint", ("PIP",)),
        Concept("B3", "膝关节", "knee", ("膝",)),
        Concept("B4", "跖趾关节", "metatarsophalangeal joint"),
        Concept("B5", "腰椎", "lumbar spine"),
        Concept("B6", "手", "hand"),
    ),
}


@pytest.fixture(scope="session")
def dictionaries() -> dict[EntityType, Dictionary]:
    """Nine dictionaries of a few concepts each."""
    return {kind: Dictionary(kind, concepts, kind) for kind, concepts in _CONCEPTS.items()}


@pytest.fixture(scope="session")
def normaliser() -> Normaliser:
    """The word lists that ship."""
    return Normaliser(WORDS)


@pytest.fixture(scope="session")
def curves() -> dict[EntityType, Curve]:
    """The calibration that ships."""
    return read_calibration(WORDS)


@pytest.fixture(scope="session")
def linker(
    dictionaries: dict[EntityType, Dictionary],
    normaliser: Normaliser,
    curves: dict[EntityType, Curve],
) -> Linker:
    """A linker of the small dictionaries."""
    return Linker(dictionaries, normaliser, curves)
