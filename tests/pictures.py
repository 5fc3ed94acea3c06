"""The pictures of the page in the documentation, made anew: ``python -m tests.pictures``."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image

from kg.building.line import one_notice
from kg.graph.ties import ties_of
from kg.views.page import draw_page

from .browser import browsing, visiting
from .conftest import ROOT, SEED
from .page_visits import READY

FOLDER = ROOT / "docs" / "pictures"
SCENES = {
    "page-light": ("", 1440, 900, "light"),
    "page-unit": ("#u=市生态环境局&relation=lead", 1440, 900, "light"),
    "page-ring": ("#u=市发改委&ego=1&colour=community", 1440, 900, "dark"),
    "page-matrix": ("#view=matrix&order=section", 1600, 1000, "light"),
    "page-dark": ("#colour=community", 1440, 900, "dark"),
    "page-phone": ("", 390, 844, "light"),
}
"""Name, address, width, height and colours of each."""


def main() -> None:
    """Write them all, in 256 colours each."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        file = Path(folder) / "page.html"
        file.write_text(draw_page(ties_of([one_notice(SEED)]), lang="zh"), encoding="utf-8")
        for name, (anchor, width, height, scheme) in SCENES.items():
            with visiting(file, anchor, width=width, height=height, scheme=scheme, browser=browser) as visit:
                visit.page.wait_for_function(READY)
                visit.page.wait_for_timeout(200)
                picture = Image.open(io.BytesIO(visit.page.screenshot()))
            picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
