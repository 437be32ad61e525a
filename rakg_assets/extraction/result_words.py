"""The words of the benchmarks' tables, in Chinese and English.

Belongs here: names of models as a reader knows them, and what to know when reading. Does not belong
here: the models (`zoo.py`), the tables (`result_tables.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """What a person reads; without English the Chinese serves both."""

    zh: str
    en: str = ""

    @property
    def english(self) -> str:
        """What stands in an English text."""
        return self.en or self.zh


# Models of the zoo; others are called by their key.
NAMES: Mapping[str, Words] = {
    "bilstm-crf": Words("BiLSTM-CRF"),
    "bilstm-crf-features": Words("BiLSTM-CRF，含特征", "BiLSTM-CRF with features"),
    "base-encoder-crf": Words("未经领域训练的编码器-CRF", "encoder without adaptation-CRF"),
    "encoder-softmax": Words("经领域训练的编码器-softmax", "adapted encoder-softmax"),
    "encoder-crf": Words("经领域训练的编码器-CRF", "adapted encoder-CRF"),
    "encoder-bilstm-crf": Words("经领域训练的编码器-BiLSTM-CRF", "adapted encoder-BiLSTM-CRF"),
    "encoder-bilstm-crf-features": Words(
        "经领域训练的编码器-BiLSTM-CRF，含特征", "adapted encoder-BiLSTM-CRF with features"
    ),
    "prnn": Words("PRNN（流水线 RNN）", "PRNN (pipelined RNN)"),
    "cnn-attention": Words("CNN + 注意力", "CNN + attention"),
    "bilstm-attention": Words("BiLSTM + 注意力", "BiLSTM + attention"),
    "bilstm": Words("BiLSTM，含提示词", "BiLSTM with cues"),
    "encoder-ffnn": Words("经领域训练的编码器 + FFNN", "adapted encoder + FFNN"),
    "base-encoder-ffnn-packed": Words(
        "未经领域训练的编码器 + FFNN，一句一次",
        "encoder without adaptation + FFNN, a sentence a pass",
    ),
    "encoder-ffnn-packed": Words(
        "经领域训练的编码器 + FFNN，一句一次", "adapted encoder + FFNN, a sentence a pass"
    ),
}

NOTE = Words(
    "数据不同，不可直接比较：论文（Liu et al. 2023）的数字来自其自有的、未公开的病历，"
    "此处的数字来自标注病历。F1 为百分数，均值 ± 标准差按随机种子计算；"
    "p 值来自与默认模型在相同种子上的双侧配对 t 检验（未作多重比较校正），"
    "只反映训练的随机性，不反映换一批病历的差异。经领域训练的编码器读过自带样本部分测试病历的原文（未读标注）。"
    "“–”表示没有该数字。",
    "The data differ: the paper's figures (Liu et al. 2023) are on its own private records, those "
    "here on the annotated records, so they cannot be compared directly. F1 in "
    "percent, mean ± standard deviation over seeds; p is that of a two-sided paired t-test against "
    "the default model over the same seeds, not corrected for several rows: it tells chance in "
    "training, not in the choice of records. The adapted encoder that ships has read the text, not "
    "the labels, of some of the sample's test records. – means that there is no such figure.",
)
SHIPPED = Words(
    "以下为随软件发布的结果，由 `rakg bench --tables --epochs 3` 在自带样本的标注病历上得到；"
    "在此运行 `rakg bench` 后，改为显示自己的结果。",
    "These results ship with rakg: those of `rakg bench --tables --epochs 3` on the annotated "
    "records of the sample. `rakg bench` puts this home's own in their place.",
)
MIXED = Words(
    "注意：部分结果所依据的标注、配置、词典或编码器与其余结果不同，请重新运行基准测试后再比较。",
    "Some results are of other annotations, settings, dictionaries or encoders than the rest: run "
    "the benchmark again before you compare.",
)
