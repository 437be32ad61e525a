"""What structured fields of a source already say about the persons of a record.

Belongs here: the value that readers hand over. Does not belong here: what is learnt from the text
itself (`names.py`, `numbers.py`, `addresses.py`, `births.py`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """Identifying values known before the text is read; each is masked wherever it stands.

    `names`: patient, family, staff. `numbers`: ids of person, stay, card, bed (five characters and
    more are searched for in the text). `phones`: phones, e-mail, WeChat. `addresses`: whole
    addresses, of which province and city stay. `births`: birth dates in any form.
    """

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    births: frozenset[str] = frozenset()
