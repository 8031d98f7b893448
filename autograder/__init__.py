"""Grade, collect and return a deep learning course's homework and exams."""

import sys

# jsonschema, which nbformat needs, would build the grammar of a kind of address that no notebook
# has, for a second of CPU in each process. Where the module is absent it leaves that kind out.
sys.modules.setdefault("rfc3987_syntax", None)  # pyright: ignore[reportArgumentType]
