"""Two years of one city, written for the tests: a rename, a merger, moved tasks, a split task, dropped and new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.analysis.compare import Limit
from kg.analysis.load import TaskKey
from kg.model import (
    Change,
    ChangeKind,
    Closure,
    GroupRow,
    Kind,
    NoticeRow,
    Reference,
    Role,
    TaskRow,
    Tie,
    Ties,
    UnitRow,
)

OLD, NEW = "421000-2023-zwgk-1", "421000-2024-zwgk-1"
UNITS: Mapping[str, tuple[str, Kind, tuple[str, ...]]] = {
    "ndrc": ("市发改委", Kind.DEPARTMENT, ("development-reform",)),
    "mof": ("市财政局", Kind.DEPARTMENT, ("finance",)),
    "edu": ("市教育局", Kind.DEPARTMENT, ("education",)),
    "health": ("市卫健委", Kind.DEPARTMENT, ("health",)),
    "culture": ("市文化局", Kind.DEPARTMENT, ("culture",)),
    "tourism": ("市旅游局", Kind.DEPARTMENT, ("tourism",)),
    "culture-tourism": ("市文化和旅游局", Kind.DEPARTMENT, ("culture", "tourism")),
    "services": ("市政务服务局", Kind.DEPARTMENT, ("government-services",)),
    "services-data": ("市政务服务和数据局", Kind.DEPARTMENT, ("government-services",)),
    "sports": ("市体育局", Kind.DEPARTMENT, ("sports",)),
    "sports-bureau": ("市体育事业局", Kind.DEPARTMENT, ("sports",)),
    "zone": ("开发区管委会", Kind.ZONE, ()),
}
CHANGES = (
    Change("change:1", ChangeKind.MERGE, "2024-01-10", ("culture", "tourism"), ("culture-tourism",), "decision", "市机构改革方案"),
    Change("change:2", ChangeKind.RENAME, "2024-02", ("services",), ("services-data",), "reform", "2024年机构改革"),
)
Row = tuple[str, str, str]
OLD_TASKS: Sequence[Row] = (
    ("推进老旧小区改造，新开工改造小区120个，完善电梯加装和管网更新政策。", "ndrc:lead mof:responsible", "2023-10-31"),
    ("按季度公开财政预决算和政府债务信息，提高预算草案的可读性。", "mof:lead ndrc:responsible zone:responsible", "2023-12-31"),
    ("办好城市公共图书馆和文化馆，组织群众文艺汇演和送戏下乡活动。", "culture:lead mof:responsible", "2023-10-31"),
    ("打造乡村旅游精品线路，举办古城旅游节，培育星级农家乐。", "tourism:lead culture:responsible", "2023-10-31"),
    ("建设网上办事大厅，推行高频事项一窗受理、跨区通办。", "services:lead all:responsible", "2023-10-31"),
    ("新增普惠性幼儿园学位，规范校外培训机构；建设县域医共体，推广家庭医生签约服务，改善乡镇卫生院条件。", "edu:lead health:lead", "2023-10-31"),
    ("举办全民健身运动会，新建社区健身步道和多功能运动场。", "sports:lead", "2023-10-31"),
    ("清理拖欠中小企业账款，建立台账并逐月通报。", "mof:lead", "2023-06-30"),
    ("开展消费券发放活动，促进汽车家电更新。", "ndrc:lead", "2023-06-30"),
    ("编制优化营商环境年度任务清单。", "services:lead ndrc:responsible", "2023-03-31"),
    ("编制优化营商环境评价指标，委托第三方开展评价并公布结果。", "services:lead", "2023-11-30"),
)  # fmt: skip
NEW_TASKS: Sequence[Row] = (
    ("推进老旧小区改造，新开工改造小区150个，完善电梯加装和管网更新政策。", "ndrc:lead mof:responsible", "2024-10-31"),
    ("按季度公开财政预决算和政府债务信息，提高预算草案的可读性，公布专项资金绩效评价结果和政府采购合同，接受社会监督和人大审议。", "ndrc:lead mof:responsible", "2024-09-30"),
    ("办好城市公共图书馆和文化馆，组织群众文艺汇演和非遗展演活动。", "culture-tourism:lead mof:responsible", "2024-10-31"),
    ("打造乡村旅游精品线路，举办古城旅游节，开行旅游直通车。", "culture-tourism:lead", "2024-10-31"),
    ("建设网上办事大厅，推行高频事项一窗受理、省内通办。", "services-data:lead all:responsible", "2024-10-31"),
    ("新增普惠性幼儿园学位，规范校外培训机构。", "edu:lead", "2024-10-31"),
    ("建设县域医共体，推广家庭医生签约服务，改善乡镇卫生院条件。", "health:lead", "2024-10-31"),
    ("举办全民健身运动会，新建社区健身步道和多功能运动场。", "sports-bureau:lead", "2024-10-31"),
    ("培育低空经济产业园，引进无人机整机企业。", "ndrc:lead zone:cooperating", "2024-12-31"),
    ("编制优化营商环境年度任务清单和评价指标，委托第三方开展评价并公布结果。", "services-data:lead", "2024-11-30"),
    ("建立公共数据授权运营制度，开放高价值数据集。", "services-data:lead", ""),
)  # fmt: skip
ROLES = {"lead": Role.LEAD, "responsible": Role.RESPONSIBLE, "cooperating": Role.COOPERATING}


def two_years(changes: Sequence[Change] = CHANGES, place: tuple[str, str] = ("荆州市", "荆州市")) -> Ties:
    """The ties of both years; ``place`` names the place of each."""
    notices, tasks, ties, references = [], [], [], []
    for notice, year, name, rows in ((OLD, 2023, place[0], OLD_TASKS), (NEW, 2024, place[1], NEW_TASKS)):
        code = name and f"{sum(map(ord, name)) % 900000 + 100000}"
        notices.append(
            NoticeRow(notice, f"{year}年工作要点", f"〔{year}〕1号", "市政府办公室", f"{year}-02-01", year, code, name, f"{year}" * 16)
        )
        for i, (text, parties, _) in enumerate(rows, 1):
            tasks.append(TaskRow(notice, i, str(i), None, text, "", 0, 0))
            for unit, _, role in (party.partition(":") for party in parties.split()):
                if unit == "all":
                    references.append(Reference(notice, i, "group:all", ROLES[role]))
                else:
                    ties.append(Tie(notice, i, unit, ROLES[role]))
    units = [UnitRow(key, label, kind, "municipal", lines, "division:421000", (), "form") for key, (label, kind, lines) in UNITS.items()]
    group = GroupRow("group:all", "各部门", "allDepartments", Closure.OPEN)
    units.sort(key=lambda unit: unit.id)
    return Ties(tuple(notices), (), tuple(tasks), tuple(units), (group,), tuple(ties), tuple(references), (), tuple(changes))


def limits() -> dict[TaskKey, Limit]:
    """The time limits of both years."""
    sides = ((OLD, OLD_TASKS), (NEW, NEW_TASKS))
    return {(notice, i): Limit(due[:7], due) for notice, rows in sides for i, (_, _, due) in enumerate(rows, 1) if due}
