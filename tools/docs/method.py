"""Parts of the page on method: the definitions that reports print, and the calibration that `make soak` measured."""

from __future__ import annotations

from typing import Any

from kg.messages import catalogue, say
from kg.resources import table

_CONDITION = {
    "zh": {"unequal": "任务量，同类不均如荆州", "alike": "任务量，同类都一样", "leads": "协调跨度，牵头 {0} 项"},
    "en": {"unequal": "volume, peers as unequal as in Jingzhou", "alike": "volume, peers all alike", "leads": "span, {0} tasks led"},
}
_WORDS = {
    "zh": (
        "没有差别的模拟通知 {notices} 份，有任何一个误报的占 {share}（95% 上界 {bound}，要求不超过 {aim}）。"
        "给一个单位加上 2 到 6 倍的负担，找得到的比例（各 200 份）：",
        "种子 {seed}，{date}，`make soak` 重新测算。",
        "检验",
    ),
    "en": (
        "Of {notices} simulated notices without a difference, {share} raised any alarm (upper 95 % bound {bound}, aim {aim}). "
        "How often a unit with 2 to 6 times the load is found, of 200 notices each:",
        "Seed {seed}, {date}; `make soak` measures it again.",
        "test",
    ),
}


def measures(lang: str) -> str:
    """A table of every measure with the sentence that reports and workbooks print."""
    names = [
        key.removesuffix(".name").removeprefix("measure.")
        for key in catalogue(lang)
        if key.startswith("measure.") and key.endswith(".name")
    ]
    head = {"zh": "| 指标 | 定义 |", "en": "| measure | definition |"}[lang]
    rows = [f"| {say(f'measure.{name}.name', lang=lang)} | {say(f'measure.{name}.definition', lang=lang)} |" for name in names]
    return "\n".join([head, "|---|---|", *rows, ""])


def calibration(lang: str) -> str:
    """How often the tests call out where there is nothing, and how often they find what is there."""
    measured = table("analysis/calibration.toml")
    alarms = {name: _percent(value) for name, value in measured["false_alarms"].items()}
    first, last, head = _WORDS[lang]
    rows = [f"| {_condition(row, lang)} | {' | '.join(_percent(share) for share in row['shares'])} |" for row in measured["found"]]
    lines = [
        first.format(notices=measured["notices"], **alarms),
        "",
        f"| {head} | 2× | 3× | 4× | 5× | 6× |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        last.format(seed=measured["seed"], date=measured["date"]),
        "",
    ]
    return "\n".join(lines)


def _condition(row: dict[str, Any], lang: str) -> str:
    words = _CONDITION[lang]
    return words[row["peers"]] if "peers" in row else words["leads"].format(row["leads"])


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
