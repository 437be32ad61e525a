from rakg_assets.extraction.curves import curve_chart

PNG = b"\x89PNG\r\n\x1a\n"
EPOCHS = [
    {"epoch": 1, "loss": 2.0, "dev": {"f1": 10.0}},
    {"epoch": 2, "loss": 1.0, "dev": {"f1": 60.0}},
]


def test_a_training_is_drawn_the_same_twice() -> None:
    first = curve_chart(EPOCHS)
    assert first.startswith(PNG)
    assert first == curve_chart(EPOCHS)
    assert first != curve_chart(EPOCHS[:1])


def test_a_training_without_dev_has_its_loss_alone() -> None:
    assert curve_chart([{**epoch, "dev": {}} for epoch in EPOCHS]).startswith(PNG)
