"""What naming costs: against reading the same notice, and the memory of a thousand notices with their units."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from kg.building.line import one_notice
from kg.model import Notice
from kg.naming.divisions import divisions
from kg.naming.units import name_units
from kg.reading.files import read_file
from kg.reading.notice import notice_of_text
from kg.reading.source import frozen

from .reading import fresh_reading
from .timing import in_turn

SEED = Path(__file__).resolve().parents[2] / "seeds" / "jingzhou-2020-1.txt"


def elsewhere(place: str, year: int = 2020) -> Notice:
    """The Jingzhou notice as if another city had issued it: a notice without a register."""
    text = SEED.read_text(encoding="utf-8").replace("荆州市", place).replace("2020", str(year))
    return notice_of_text(frozen(f"{place}-{year}.txt", text, "utf-8"))


def prefectures(count: int) -> list[str]:
    """Names of cities that hold today, in the order of their codes."""
    return [d.name for d in divisions() if d.level == "prefecture" and d.last is None and d.name.endswith("市")][:count]


def against_reading() -> list[tuple[str, float, float]]:
    """CPU seconds of reading a notice whose names were never met, and of naming its units: with a register and without."""
    rows = []
    for what, notice in (("with a register", notice_of_text(read_file(SEED))), ("without a register", elsewhere("泰安市"))):
        source = frozen("n.txt", notice.text, "utf-8")
        reading, naming = in_turn(lambda source=source: fresh_reading(source), lambda notice=notice: name_units(notice))  # type: ignore[misc]
        rows.append((what, reading, naming))
    return rows


def thousand_notices() -> float:
    """Peak megabytes of a process that holds a thousand named notices, less what it takes to hold one."""
    return _peak(1000) - _peak(1)


def _peak(count: int) -> float:
    done = subprocess.run([sys.executable, "-m", "tests.benchmarks.naming", str(count)], check=True, capture_output=True, encoding="utf-8")
    return float(done.stdout)


def _hold(count: int) -> float:
    one_notice(SEED)
    cities = prefectures(200)
    kept = [name_units(elsewhere(cities[at % len(cities)], 2016 + at // len(cities))) for at in range(count)]
    assert len({notice.id for notice in kept}) == count
    return _most_memory()


def _most_memory() -> float:
    # ru_maxrss counts what the parent held before the program was loaded; the kernel's own mark begins with the program.
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) / 1024 for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(_hold(int(sys.argv[1])))
