"""Office files whose bytes are the same each time: parts in a fixed order under a fixed date, no clock time inside."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first day that a ZIP file can tell."""
COPY = b"govresp"
"""The comment of an archive that is a copy made here."""
_DAYS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def fixed_package(
    package: bytes, parts: Mapping[str, bytes] = {}, without: frozenset[str] = frozenset(), *, own_days: bool = False
) -> bytes:
    """An office file with its dates fixed.

    Args:
        package: the file as a library wrote it.
        parts: parts to be put in the place of its own, by name.
        without: parts to leave out.
        own_days: whether the days in its properties stay, as in a copy of a file that somebody else wrote; such a copy is
            known by its comment as an archive, which is gone when somebody works on it and saves it.
    """
    out = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as source, ZipFile(out, "w", ZIP_DEFLATED, compresslevel=6) as target:
        target.comment = COPY if own_days else b""
        for name in source.namelist():
            if name in without:
                continue
            content = parts[name] if name in parts else source.read(name)
            if name == "docProps/core.xml" and not own_days:
                content = _DAYS.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", content)
            entry = ZipInfo(name, EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, content)
    return out.getvalue()
