"""De-identification: identifying text becomes as many ＊ as it had characters, all else stays.

Belongs here: what is masked and how it is found, by kind (`numbers`, `addresses`, `births`,
`names`) and for a whole record (`masking`). Does not belong here: the words that mark a name or a
field (`dictionaries/deidentification/`) or where the text came from (the readers).
"""

from rakg_assets.admissions.deidentify.identity import Identity
from rakg_assets.admissions.deidentify.masking import find_identifiers, mask_record

__all__ = ["Identity", "find_identifiers", "mask_record"]
