"""The page in Chromium, on an idle machine: ``python -m tests.benchmarks.page``.

Every time is the browser's own, from the start of the navigation; the network is refused. A picture is there when the canvas
holds a pixel that is not blank, looked for every 20 ms, for our page and for pyvis' alike.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from kg.analysis.load import standings
from kg.analysis.network import unit_graph
from kg.building.line import one_notice
from kg.graph.ties import ties_of
from kg.model import Ties
from kg.views.page import draw_page
from tests.browser import browsing, has_chromium

from .large import generated
from .reading import SEED

RUNS = 5
WATCH = """
    let page;
    Object.defineProperty(window, 'kgPage', { get: () => page, set(value) { page = value; window.readyAt = performance.now(); } });
    const look = setInterval(() => {
        const canvas = document.querySelector('canvas');
        if (!canvas || !canvas.width || !canvas.height) return;
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        for (let at = 3; at < pixels.length; at += 4) {
            if (!pixels[at]) continue;
            window.pictureAt = performance.now();
            clearInterval(look);
            return;
        }
    }, 20);
"""
STEPS = """() => {
    const times = [];
    const step = (act) => { const start = performance.now(); act(); kgPage.network.redraw(); times.push(performance.now() - start); };
    const slider = document.querySelector('#least');
    for (const least of [1, 2, 3, 4, 5, 4, 3, 2, 1, 2]) step(() => { slider.value = least; slider.dispatchEvent(new Event('input')); });
    for (const box of [...document.querySelectorAll('#sections input')].slice(0, 6)) { step(() => box.click()); step(() => box.click()); }
    for (const relation of ['lead', 'share', 'all']) step(() => document.querySelector(`[name="relation"][value="${relation}"]`).click());
    return times;
}"""


MATRIX = """() => {
    const times = [];
    document.querySelector('#views [data-view="matrix"]').click();
    for (const box of [...document.querySelectorAll('#sections input')].slice(0, 3)) for (let turn = 0; turn < 2; turn += 1) {
        const start = performance.now();
        box.click();
        document.querySelector('#cells').getBoundingClientRect();
        times.push(performance.now() - start);
    }
    return times;
}"""


def opened(browser: Browser, file: Path, wanted: str, *, work: str = STEPS, limit: float = 120) -> tuple[float, list[float]]:
    """Seconds until ``readyAt`` or ``pictureAt``, and the milliseconds that each step of some work takes where the page is ours."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    page = context.new_page()
    page.set_default_timeout(limit * 1000)
    page.add_init_script(WATCH)
    page.goto(file.as_uri(), wait_until="commit")
    page.wait_for_function(f"() => window.{wanted}")
    seconds = page.evaluate(f"() => window.{wanted}") / 1000
    steps = page.evaluate(work) if page.evaluate("() => Boolean(window.kgPage?.ready)") else []
    context.close()
    return seconds, steps


def plain_pyvis(ties: Ties) -> str:
    """The same units and links as pyvis draws them by itself: its own template in line, default physics."""
    from pyvis.network import Network

    labels = {unit.id: unit.label for unit in ties.units}
    net = Network(cdn_resources="in_line", directed=False)
    for one in standings(ties):
        if one.tasks:
            net.add_node(one.unit, label=labels[one.unit], value=one.tasks)
    for one, other, weight in unit_graph(ties).edges(data="weight"):
        net.add_edge(one, other, value=weight)
    return net.generate_html()


def page_rows() -> list[tuple[str, float, str]]:
    """What is measured, in the unit that its name says, and the budget; nothing where there is no browser."""
    if not has_chromium():
        return []
    ties = ties_of([one_notice(SEED)])
    many = generated(1000, 10_000)
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        ours, theirs, large = (Path(folder) / f"{name}.html" for name in ("ours", "theirs", "large"))
        ours.write_text(draw_page(ties), encoding="utf-8")
        large.write_text(draw_page(many), encoding="utf-8")
        theirs.write_text(plain_pyvis(ties), encoding="utf-8")
        opened(browser, ours, "readyAt")
        ready = [opened(browser, ours, "readyAt") for _ in range(RUNS)]
        steps = sorted(step for _, times in ready for step in times)
        cells = opened(browser, ours, "readyAt", work=MATRIX)[1]
        first = statistics.median(opened(browser, ours, "pictureAt")[0] for _ in range(RUNS))
        plain = opened(browser, theirs, "pictureAt", limit=300)[0]
        big = [opened(browser, large, "readyAt") for _ in range(3)]
        return [
            ("page of one notice, KB", ours.stat().st_size / 1000, "≤ 750"),
            ("ready, s", statistics.median(seconds for seconds, _ in ready), "≤ 1.2"),
            ("filter step, median, ms", statistics.median(steps), "≤ 50"),
            ("filter step, 95 of 100, ms", steps[int(0.95 * len(steps))], "≤ 50"),
            ("filter step of the matrix, median, ms", statistics.median(cells), ""),
            ("ready, 1,000 units and 10,000 links, s", statistics.median(seconds for seconds, _ in big), "≤ 2.5"),
            ("filter step, 1,000 units, median, ms", statistics.median(step for _, times in big for step in times), ""),
            ("first picture, s", first, ""),
            ("first picture of plain pyvis, s", plain, ""),
            ("plain pyvis : ours", plain / first, "≥ 7"),
        ]


if __name__ == "__main__":
    for name, value, budget in page_rows():
        print(f"{name:44s} {value:9.2f}  {budget}")
