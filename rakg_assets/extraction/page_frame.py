"""What all HTML pages have in common: their frame, colours and how templates are read.

The frame is `templates/page_frame.html.j2`, which a page extends. Belongs here: the environment of
Jinja. Does not belong here: any one page (`marked_text.py`, `graph/report.py`).
"""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from rakg_assets.ontology.schema import EntityType

_HERE = "rakg_assets.extraction"


def page_environment(package: str = _HERE) -> Environment:
    """Reads the templates of a package, and the frame; what they are given is escaped.

    They know `EntityType`; a name that they are not given raises jinja2.UndefinedError.
    """
    loaders = [PackageLoader(name) for name in dict.fromkeys((package, _HERE))]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["EntityType"] = EntityType
    return environment
