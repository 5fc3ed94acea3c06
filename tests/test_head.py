"""The head of a notice: title, number, issuer, date and place, as official documents of China print them (GB/T 9704-2012)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.building.line import one_notice
from kg.model import Notice
from kg.naming.units import name_units
from kg.reading.characters import lines_of
from kg.reading.head import read_number
from kg.reading.notice import notice_of_text
from kg.reading.source import SourceText

from .conftest import ROOT, SEED

CORPUS = ROOT.parent / "shared" / "corpus"

TASK = "\n一、重点任务\n1.推进项目建设。(牵头单位:发展改革部门;责任单位:财政部门)\n"


@dataclass(frozen=True)
class Row:
    """A text and what its head says; ``*`` in the text stands for a section with one task."""

    id: str
    why: str
    text: str
    title: str | None = None
    number: str | None = None
    issuer: str | None = None
    date: str | None = None
    place: str | None = None


def read(text: str) -> Notice:
    whole = text.replace("*", TASK)
    return name_units(notice_of_text(SourceText("notice.txt", whole, hashlib.sha256(whole.encode()).hexdigest(), "utf-8")))


def head_of(notice: Notice) -> tuple[str | None, ...]:
    place, day = notice.jurisdiction, notice.date
    return notice.title, notice.number, notice.issuer, day.isoformat() if day else None, place.code if place else None


FIRST = [
    Row(
        "state-council-page",
        "the index of the page is no title, the signature is the issuer, its day goes before that of the page",
        "索引号：000014349/2021-00007\n发文机关：国务院\n成文日期：2021年02月10日\n标题：国务院关于加快建立健全体系的指导意见\n"
        "发文字号：国发〔2021〕4号\n发布日期：2021年02月22日\n国务院关于加快建立健全体系的指导意见\n国发〔2021〕4号\n"
        "各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n建立健全体系。*国务院\n2021年2月2日\n（此件公开发布）",
        "国务院关于加快建立健全体系的指导意见",
        "国发〔2021〕4号",
        "国务院",
        "2021-02-02",
        "CN",
    ),
    Row(
        "joint-ministries",
        "several ministries sign together, one a line",
        "关于做好新业态从业人员服务工作的通知\n人社部发〔2022〕31号\n各省、自治区、直辖市人力资源社会保障厅（局）：\n现就有关事项通知如下。"
        "*人力资源社会保障部\n财政部\n国家税务总局\n2022年5月6日",
        "关于做好新业态从业人员服务工作的通知",
        "人社部发〔2022〕31号",
        "人力资源社会保障部 财政部 国家税务总局",
        "2022-05-06",
        "CN",
    ),
    Row(
        "wrapped-title-that-could-end-before",
        "the first line could be a whole title, the second can only go on with it",
        "克拉玛依市克拉玛依区人民政府办公室关于印发2013年重点工作任务\n分解的通知\n克政办发〔2013〕5号\n各有关部门：\n现印发给你们。*",
        "克拉玛依市克拉玛依区人民政府办公室关于印发2013年重点工作任务分解的通知",
        "克政办发〔2013〕5号",
        "克拉玛依市克拉玛依区人民政府办公室",
        None,
        "650203",
    ),
    Row(
        "wrapped-title",
        "title over three lines, a letterhead and a signature by the office",
        "湖北省人民政府办公厅文件\n鄂政办发〔2021〕9号\n湖北省人民政府办公厅\n关于印发湖北省数字经济三年行动\n工作方案的通知\n"
        "各市、州、县人民政府：\n现印发给你们。\n湖北省人民政府办公厅\n2021年3月1日\n附件*",
        "湖北省人民政府办公厅关于印发湖北省数字经济三年行动工作方案的通知",
        "鄂政办发〔2021〕9号",
        "湖北省人民政府办公厅",
        "2021-03-01",
        "420000",
    ),
    Row(
        "no-line-ends",
        "title, number and addressees on one line; signature and date behind the last sentence",
        "成都市人民政府办公厅关于支持会展业发展的实施意见成办发〔2022〕40号各区（市）县政府，市政府各部门：为促进发展，制定本意见。"
        "*以上意见，请认真贯彻落实。成都市人民政府办公厅2022年6月8日",
        "成都市人民政府办公厅关于支持会展业发展的实施意见",
        "成办发〔2022〕40号",
        "成都市人民政府办公厅",
        "2022-06-08",
        "510100",
    ),
    Row(
        "party-and-government",
        "offices of party and government in the title, date in Chinese figures",
        "中共荆州市委办公室 荆州市人民政府办公室关于印发重点改革任务的通知\n荆办发〔2020〕8号\n各县（市、区）委：\n现印发给你们。\n二〇二〇年三月十二日*",
        "中共荆州市委办公室 荆州市人民政府办公室关于印发重点改革任务的通知",
        "荆办发〔2020〕8号",
        "中共荆州市委办公室 荆州市人民政府办公室",
        "2020-03-12",
        "421000",
    ),
    Row(
        "county-measures",
        "a title without 关于, the issuer and its day on one line with 发布",
        "苍南县支持民宿经济发展的若干政策措施\n2025-02-20\n为支持民宿经济发展，制定本措施。*苍南县人民政府办公室2025年2月18日发布。",
        "苍南县支持民宿经济发展的若干政策措施",
        None,
        "苍南县人民政府办公室",
        "2025-02-18",
        "330327",
    ),
    Row(
        "draft",
        "a draft for comment with its bracket, place from the title alone",
        "泰安市关于推进绿色建筑发展的若干举措（征求意见稿）\n为推进绿色建筑发展，制定本举措。*",
        "泰安市关于推进绿色建筑发展的若干举措（征求意见稿）",
        place="370900",
    ),
    Row(
        "seal-of-another",
        "another body seals in place of the signing one; blanks in number and date",
        "沪数据办发〔2023〕 5 号\n各区人民政府：\n经市政府同意，现印发给你们。\n上海市数字化领导小组办公室\n（上海市经济和信息化委员会代章）\n"
        "2023年 3月20 日\n2023年上海市数据工作要点*",
        "2023年上海市数据工作要点",
        "沪数据办发〔2023〕5号",
        "上海市数字化领导小组办公室",
        "2023-03-20",
        "310000",
    ),
    Row(
        "annex-alone",
        "an annex with a wrapped title: no issuer, no date, but a place",
        "附件1\n江苏省推进人工智能与先进制造业\n深度融合行动方案\n为推进深度融合，制定本方案。*",
        "江苏省推进人工智能与先进制造业深度融合行动方案",
        place="320000",
    ),
    Row(
        "full-name-signs",
        "the signature prints the name that the title shortens",
        "四川省发展改革委关于印发《四川省充电设施建设方案（2024—2025年）》的通知\n川发改能源〔2024〕77号\n各市（州）人民政府：\n现印发给你们。\n"
        "四川省发展和改革委员会\n2024年2月5日*",
        "四川省发展改革委关于印发《四川省充电设施建设方案（2024—2025年）》的通知",
        "川发改能源〔2024〕77号",
        "四川省发展和改革委员会",
        "2024-02-05",
        "510000",
    ),
    Row(
        "forwards-another",
        "what forwards a notice has its own issuer in front",
        "武汉市人民政府办公厅转发国务院办公厅关于政务公开工作要点的通知\n武政办〔2019〕50号\n各区人民政府：\n现转发给你们。*2019年5月9日",
        "武汉市人民政府办公厅转发国务院办公厅关于政务公开工作要点的通知",
        "武政办〔2019〕50号",
        "武汉市人民政府办公厅",
        "2019-05-09",
        "420100",
    ),
    Row(
        "page-date-only",
        "the day of the page where the notice prints none: the day it was made before the day it was shown",
        "发布日期：2021-07-09\n成文日期：2021-07-01\n发布机构：长沙市财政局\n关于做好预算绩效管理工作的通知\n各区县（市）财政局：\n通知如下。*",
        "关于做好预算绩效管理工作的通知",
        None,
        "长沙市财政局",
        "2021-07-01",
        "430100",
    ),
    Row(
        "date-in-running-text",
        "a day in a sentence, a body and a number of another notice are not those of this one",
        "2020年1月7日，荆州市人民政府召开会议，研究落实工作。\n根据《省人民政府关于改革的意见》（鄂政发〔2019〕20号）精神，分工如下。*",
    ),
    Row("speech", "a speech has no head", "同志们：\n今天的会议，主要任务是安排部署全年工作。\n下面，我讲三点意见。*"),
    Row("addressee", "who is written to is not who writes", "武汉市人民政府：\n你市请示收悉，现就有关工作安排如下。*"),
]


LATER = [
    Row(
        "ministry-one",
        "a ministry with its number in the title's bracket; note behind the date",
        "教育部关于加强中小学图书馆工作的指导意见（教基〔2023〕4号）\n各省、自治区、直辖市教育厅（教委）：\n提出如下意见。*教育部\n2023年4月6日（此件公开发布）",
        "教育部关于加强中小学图书馆工作的指导意见",
        "教基〔2023〕4号",
        "教育部",
        "2023-04-06",
        "CN",
    ),
    Row(
        "ministries-in-the-title",
        "two ministries in the title, none below",
        "财政部 税务总局关于延续优化税收优惠政策的公告\n现公告如下。\n2023年8月21日*",
        "财政部 税务总局关于延续优化税收优惠政策的公告",
        None,
        "财政部 税务总局",
        "2023-08-21",
        "CN",
    ),
    Row(
        "ministries-side-by-side",
        "joint issuers in two columns, the number spread with blanks",
        "关于印发《制造业数字化行动方案》的通知\n工信部联规 〔2021〕 207 号\n各省工业和信息化主管部门：\n现印发给你们。\n"
        "工业和信息化部    国家发展改革委\n教  育  部    财  政  部\n2021年12月21日*",
        "关于印发《制造业数字化行动方案》的通知",
        "工信部联规〔2021〕207号",
        "工业和信息化部 国家发展改革委 教育部 财政部",
        "2021-12-21",
        "CN",
    ),
    Row(
        "two-central-offices",
        "party and state offices issue without 关于",
        "中共中央办公厅 国务院办公厅印发《关于深化改革的意见》\n为深化改革，提出以下意见。*",
        "中共中央办公厅 国务院办公厅印发《关于深化改革的意见》",
        None,
        "中共中央办公厅 国务院办公厅",
        None,
        "CN",
    ),
    Row(
        "province-government",
        "the plain notice of a province",
        "山东省人民政府关于印发“十四五”综合交通规划的通知\n鲁政发〔2021〕12号\n各市人民政府，各县（市、区）人民政府：\n现印发给你们。\n"
        "山东省人民政府\n2021年7月27日*",
        "山东省人民政府关于印发“十四五”综合交通规划的通知",
        "鲁政发〔2021〕12号",
        "山东省人民政府",
        "2021-07-27",
        "370000",
    ),
    Row(
        "autonomous-region",
        "an autonomous region by its full name, digits of full width",
        "广西壮族自治区人民政府办公厅关于印发工作方案的通知\n桂政办发〔２０２２〕１５号\n各市、县人民政府：\n现印发给你们。\n"
        "广西壮族自治区人民政府办公厅\n２０２２年３月１８日*",
        "广西壮族自治区人民政府办公厅关于印发工作方案的通知",
        "桂政办发〔２０２２〕１５号",
        "广西壮族自治区人民政府办公厅",
        "2022-03-18",
        "450000",
    ),
    Row(
        "autonomous-prefecture",
        "the short form of an autonomous prefecture",
        "恩施州人民政府办公室关于做好春耕备耕工作的通知\n恩施州政办函〔2021〕6号\n各县市人民政府：\n通知如下。*2021年2月25日",
        "恩施州人民政府办公室关于做好春耕备耕工作的通知",
        "恩施州政办函〔2021〕6号",
        "恩施州人民政府办公室",
        "2021-02-25",
        "422800",
    ),
    Row(
        "district",
        "a district after its city, the name of the series holds a bracket's year only",
        "武汉市洪山区人民政府办公室关于印发2021年绩效目标的通知\n洪政办〔2021〕3号\n各街道办事处：\n现印发给你们。\n2021年4月2日*",
        "武汉市洪山区人民政府办公室关于印发2021年绩效目标的通知",
        "洪政办〔2021〕3号",
        "武汉市洪山区人民政府办公室",
        "2021-04-02",
        "420111",
    ),
    Row(
        "county-bureau",
        "a bureau of a county signs, seal beside its name",
        "关于开展农村供水巡查的通知\n公水发〔2022〕11号\n各乡镇水利站：\n通知如下。*公安县水利局（盖章）\n2022年6月1日",
        "关于开展农村供水巡查的通知",
        "公水发〔2022〕11号",
        "公安县水利局",
        "2022-06-01",
        "421022",
    ),
    Row(
        "party-committee",
        "the decision of a party committee",
        "中共湖北省委关于加快建设农业强省的决定\n（2023年2月10日中共湖北省委第十二届三次全会通过）\n为加快建设，作如下决定。*",
        "中共湖北省委关于加快建设农业强省的决定",
        None,
        "中共湖北省委",
        "2023-02-10",
        "420000",
    ),
    Row(
        "party-office-signs",
        "two offices sign over two lines in Chinese figures with a circle for the zero",
        "关于印发《全面深化改革工作要点》的通知\n宜办发〔2020〕5号\n各县市区委：\n现印发给你们。\n中共宜昌市委办公室\n宜昌市人民政府办公室\n"
        "二○二○年十二月三十一日*",
        "关于印发《全面深化改革工作要点》的通知",
        "宜办发〔2020〕5号",
        "中共宜昌市委办公室 宜昌市人民政府办公室",
        "2020-12-31",
        "420500",
    ),
    Row(
        "letter",
        "a letter signs behind all its text, its annex above the signature",
        "关于商请支持铁路前期工作的函\n襄政办函〔2019〕33号\n中国铁路武汉局集团有限公司：\n现商请如下。*附件：1.项目清单\n襄阳市人民政府办公室\n2019年10月8日",
        "关于商请支持铁路前期工作的函",
        "襄政办函〔2019〕33号",
        "襄阳市人民政府办公室",
        "2019-10-08",
        "420600",
    ),
    Row(
        "reply",
        "a reply, whose title names who asked",
        "国务院关于长江中游城市群发展规划实施方案的批复\n国函〔2022〕12号\n江西省、湖北省、湖南省人民政府：\n现批复如下。*国务院\n2022年2月15日",
        "国务院关于长江中游城市群发展规划实施方案的批复",
        "国函〔2022〕12号",
        "国务院",
        "2022-02-15",
        "CN",
    ),
    Row(
        "minutes",
        "minutes have no 关于 and no number of this form",
        "黄冈市人民政府专题会议纪要\n2021年5月6日\n市长主持召开会议，议定如下。*",
        "黄冈市人民政府专题会议纪要",
        None,
        None,
        "2021-05-06",
        "421100",
    ),
    Row(
        "trial",
        "a title that ends in (试行)",
        "关于印发《宁波市数据要素市场培育办法》（试行）的通知\n甬政办发〔2023〕61号\n各区（县、市）人民政府：\n现印发给你们。\n"
        "宁波市人民政府办公厅\n2023年11月3日*",
        "关于印发《宁波市数据要素市场培育办法》（试行）的通知",
        "甬政办发〔2023〕61号",
        "宁波市人民政府办公厅",
        "2023-11-03",
        "330200",
    ),
    Row(
        "annex-with-years",
        "the years of a plan in a bracket on a line of their own",
        "附件\n海南省稳经济助企纾困\n行动方案\n（2022—2024年）\n为稳经济，制定本方案。*",
        "海南省稳经济助企纾困行动方案（2022—2024年）",
        place="460000",
    ),
    Row(
        "year-first",
        "a title that begins with the year",
        "2022年厦门市优化营商环境重点任务清单\n为优化营商环境，制定清单如下。*",
        "2022年厦门市优化营商环境重点任务清单",
        place="350200",
    ),
    Row(
        "place-in-quotation",
        "only what the title quotes names the place",
        "关于印发《安徽省县域商业建设行动计划》的通知\n各市人民政府：\n现印发给你们。\n2021年9月13日*",
        "关于印发《安徽省县域商业建设行动计划》的通知",
        None,
        None,
        "2021-09-13",
        "340000",
    ),
    Row(
        "given-out-without-quotation",
        "the title gives out something of a place without quoting it",
        "关于印发青岛市城市更新三年攻坚行动方案的通知\n各区、市人民政府：\n现印发给你们。\n2022年1月27日*",
        "关于印发青岛市城市更新三年攻坚行动方案的通知",
        None,
        None,
        "2022-01-27",
        "370200",
    ),
    Row(
        "letterhead-only",
        "only the letterhead says who writes",
        "常德市人民政府文件\n常政发〔2018〕6号\n关于加快推进产业发展的意见\n各区县市人民政府：\n提出如下意见。\n2018年4月11日*",
        "关于加快推进产业发展的意见",
        "常政发〔2018〕6号",
        "常德市人民政府",
        "2018-04-11",
        "430700",
    ),
    Row(
        "letterhead-number-one-line",
        "letterhead and number on one line",
        "岳阳市人民政府办公室文件 岳政办发〔2019〕14号\n关于印发政务公开分工的通知\n各县市区人民政府：\n现印发给你们。\n2019年8月20日*",
        "关于印发政务公开分工的通知",
        "岳政办发〔2019〕14号",
        "岳阳市人民政府办公室",
        "2019-08-20",
        "430600",
    ),
    Row(
        "undated-signature",
        "a signature without a date before the annex",
        "关于做好防汛工作的通知\n各街道：\n现将任务分工印发给你们。\n南昌市水利局\n附件：任务分工*",
        "关于做好防汛工作的通知",
        None,
        "南昌市水利局",
        None,
        "360100",
    ),
    Row(
        "imprint",
        "the imprint at the foot says who printed and when, where nothing else does",
        "关于做好节水工作的通知\n各单位：\n通知如下。*抄送：市委各部门。\n无锡市人民政府办公室  2020年5月8日印发",
        "关于做好节水工作的通知",
        None,
        "无锡市人民政府办公室",
        "2020-05-08",
        "320200",
    ),
    Row(
        "signature-before-imprint",
        "the day of the signature goes before that of the imprint",
        "南通市人民政府关于促进外贸发展的意见\n通政发〔2020〕22号\n各县（市、区）人民政府：\n提出如下意见。*南通市人民政府\n2020年6月1日\n"
        "南通市人民政府办公室2020年6月3日印发",
        "南通市人民政府关于促进外贸发展的意见",
        "通政发〔2020〕22号",
        "南通市人民政府",
        "2020-06-01",
        "320600",
    ),
    Row(
        "page-index-on-one-line",
        "several labels of a page on one line",
        "索引号：K123 发布机构：合肥市人民政府办公室 成文日期：2021年3月4日 文号：合政办〔2021〕8号\n"
        "合肥市人民政府办公室关于推进电子证照应用的通知\n各县（市）区人民政府：\n通知如下。*",
        "合肥市人民政府办公室关于推进电子证照应用的通知",
        "合政办〔2021〕8号",
        "合肥市人民政府办公室",
        "2021-03-04",
        "340100",
    ),
    Row(
        "source-of-page",
        "the source of a page is the last word on the issuer; a newspaper is no organ",
        "关于加强河湖管护的通知\n来源：新华日报  发布时间：2021-05-01\n各单位：\n通知如下。*",
        "关于加强河湖管护的通知",
        None,
        None,
        "2021-05-01",
    ),
    Row(
        "bare-day-of-page",
        "a bare day of the page where nothing else is printed",
        "贵阳市支持软件产业发展的若干措施\n2024-06-03\n为支持软件产业发展，制定本措施。*",
        "贵阳市支持软件产业发展的若干措施",
        None,
        None,
        "2024-06-03",
        "520100",
    ),
    Row(
        "wrapped-signature",
        "the name of a leading group over two lines with a seal of another",
        "关于印发年度工作要点的通知\n各成员单位：\n现印发给你们。\n江西省推进数字经济发展工作\n领导小组办公室（代章）\n2023年2月1日*",
        "关于印发年度工作要点的通知",
        None,
        "江西省推进数字经济发展工作领导小组办公室",
        "2023-02-01",
        "360000",
    ),
    Row(
        "approves-another",
        "批转 with the title of another body inside",
        "国务院批转国家发展改革委关于深化经济体制改革重点工作意见的通知\n国发〔2016〕21号\n各省、自治区、直辖市人民政府：\n现转发给你们。*国务院\n2016年3月25日",
        "国务院批转国家发展改革委关于深化经济体制改革重点工作意见的通知",
        "国发〔2016〕21号",
        "国务院",
        "2016-03-25",
        "CN",
    ),
    Row(
        "run-on-without-number",
        "title and addressees on one line, no number",
        "昆明市人民政府办公室关于做好稳就业工作的通知各县（市、区）人民政府，各开发区管委会：为稳定就业，通知如下。*昆明市人民政府办公室2020年4月30日",
        "昆明市人民政府办公室关于做好稳就业工作的通知",
        None,
        "昆明市人民政府办公室",
        "2020-04-30",
        "530100",
    ),
    Row(
        "congress",
        "a resolution of a congress with its day below the title",
        "苏州市第十七届人民代表大会第三次会议关于政府工作报告的决议\n（2024年1月12日苏州市第十七届人民代表大会第三次会议通过）\n会议决定如下。*",
        "苏州市第十七届人民代表大会第三次会议关于政府工作报告的决议",
        None,
        "苏州市第十七届人民代表大会第三次会议",
        "2024-01-12",
        "320500",
    ),
    Row(
        "zone",
        "the committee of a zone speaks in the place of its city",
        "荆州开发区管委会关于印发年度重点工作的通知\n荆开管发〔2021〕2号\n各部门：\n现印发给你们。\n荆州开发区管委会\n2021年3月9日*",
        "荆州开发区管委会关于印发年度重点工作的通知",
        "荆开管发〔2021〕2号",
        "荆州开发区管委会",
        "2021-03-09",
        "421000",
    ),
    Row(
        "heading-names-the-place",
        "no title and no issuer, a short line says the place",
        "绍兴市柯桥区\n各镇（街道）：\n现将工作安排如下。*",
        place="330603",
    ),
    Row(
        "only-tables",
        "a table alone says nothing of its notice",
        "| 序号 | 任务 | 牵头单位 |\n| 1 | 修路 | 市交通运输局 |\n| 2 | 架桥 | 市住建局 |\n",
    ),
    Row("organ-in-the-text", "an organ inside a sentence signs nothing", "按照国务院办公厅2020年1月7日印发的要求，分工如下。*"),
    Row(
        "organ-and-day-in-a-sentence",
        "a sentence that begins with an organ and a day is no signature",
        "国务院2020年1月7日印发，要求各地落实。*",
    ),
    Row("number-begins-a-sentence", "a sentence that begins with the number of another", "国发〔2019〕3号文件要求，各地要落实。*"),
    Row(
        "impossible-day",
        "a day that no calendar has is none",
        "遵义市关于加强管理的通知\n2021年2月30日\n通知如下。*",
        "遵义市关于加强管理的通知",
        place="520300",
    ),
    Row(
        "ambiguous-district",
        "a district that several cities have is not placed",
        "鼓楼区教育局\n2021年3月1日*",
        None,
        None,
        "鼓楼区教育局",
        "2021-03-01",
    ),
    Row(
        "city-without-name",
        "the office of some city is no issuer",
        "关于做好工作的通知\n通知如下。\n市政府办公室\n2021年3月1日*",
        "关于做好工作的通知",
        date="2021-03-01",
    ),
    Row("section-heading", "a short heading that ends as titles do is none", "工作方案如下\n总体规划\n分工如下。*"),
]


LAST = [
    Row(
        "joint-title-over-lines",
        "each issuer of the title on a line of its own",
        "国家发展改革委\n财政部\n关于印发县城建设行动方案的通知\n发改规划〔2022〕493号\n各省发展改革委：\n现印发给你们。\n2022年3月25日*",
        "国家发展改革委 财政部关于印发县城建设行动方案的通知",
        "发改规划〔2022〕493号",
        "国家发展改革委 财政部",
        "2022-03-25",
        "CN",
    ),
    Row(
        "round-brackets",
        "a year in round brackets, as typed by hand",
        "遂宁市人民政府关于加强土地管理的意见\n遂府发(2017)14号\n各县（区）人民政府：\n提出如下意见。\n遂宁市人民政府\n2017年7月3日*",
        "遂宁市人民政府关于加强土地管理的意见",
        "遂府发(2017)14号",
        "遂宁市人民政府",
        "2017-07-03",
        "510900",
    ),
    Row(
        "order",
        "an order signed by a person: the letterhead speaks, the number without a year is none",
        "武汉市人民政府令\n第308号\n《武汉市停车管理办法》已经市人民政府常务会议审议通过，现予公布。\n市长 张三\n2021年8月5日\n武汉市停车管理办法*",
        "武汉市停车管理办法",
        None,
        "武汉市人民政府",
        "2021-08-05",
        "420100",
    ),
    Row(
        "page-frame",
        "menu, path and counters of a page around the title",
        "首页 > 政务公开 > 政策文件\n十堰市人民政府办公室关于推进医养结合的实施意见\n发布时间：2019-06-12 09:30 来源：十堰市人民政府办公室 浏览次数：210\n"
        "十政办发〔2019〕27号\n各县（市、区）人民政府：\n提出如下意见。*打印 关闭",
        "十堰市人民政府办公室关于推进医养结合的实施意见",
        "十政办发〔2019〕27号",
        "十堰市人民政府办公室",
        "2019-06-12",
        "420300",
    ),
    Row(
        "speech-with-day",
        "the day of a speech stands in brackets; a speech has no issuer",
        "在全市经济工作会议上的讲话\n（2020年1月7日）\n同志们：\n今天的会议，主要任务是安排工作。*",
        date="2020-01-07",
    ),
    Row(
        "short-form-in-title",
        "市政府 in the title, the full name below",
        "市政府关于印发盐城市海洋经济发展规划的通知\n盐政发〔2021〕50号\n各县（市、区）人民政府：\n现印发给你们。\n盐城市人民政府\n2021年9月1日*",
        "市政府关于印发盐城市海洋经济发展规划的通知",
        "盐政发〔2021〕50号",
        "盐城市人民政府",
        "2021-09-01",
        "320900",
    ),
    Row(
        "asks-for-comment",
        "an announcement that asks for comments on a draft, which names the place",
        "关于公开征求《南阳市优化营商环境实施细则（征求意见稿）》意见的公告\n为了优化营商环境，现公开征求意见。\n2022年10月20日*",
        "关于公开征求《南阳市优化营商环境实施细则（征求意见稿）》意见的公告",
        None,
        None,
        "2022-10-20",
        "411300",
    ),
    Row(
        "quoted-notice-in-title",
        "implementing measures name another's opinion in the title",
        "荆门市贯彻落实《省人民政府关于支持制造业发展的意见》重点任务分工方案\n为落实文件精神，制定本方案。\n2021-11-02*",
        "荆门市贯彻落实《省人民政府关于支持制造业发展的意见》重点任务分工方案",
        None,
        None,
        "2021-11-02",
        "420800",
    ),
    Row(
        "wrapped-quotation",
        "a title that a wrap divides inside its quotation, the years in a bracket",
        "咸宁市人民政府办公室关于印发《咸宁市生态环境保护行动计划\n（2022—2024年）》的通知\n咸政办发〔2022〕18号\n各县（市、区）人民政府：\n"
        "现印发给你们。\n咸宁市人民政府办公室\n2022年5月30日*",
        "咸宁市人民政府办公室关于印发《咸宁市生态环境保护行动计划（2022—2024年）》的通知",
        "咸政办发〔2022〕18号",
        "咸宁市人民政府办公室",
        "2022-05-30",
        "421200",
    ),
    Row(
        "tail-alone-on-a-line",
        "的通知 alone on the second line",
        "随州市人民政府办公室关于印发随州市公共服务工作方案\n的通知\n随政办发〔2023〕7号\n各县、市、区人民政府：\n现印发给你们。\n2023年3月3日*",
        "随州市人民政府办公室关于印发随州市公共服务工作方案的通知",
        "随政办发〔2023〕7号",
        "随州市人民政府办公室",
        "2023-03-03",
        "421300",
    ),
    Row(
        "title-before-its-annex",
        "the title of the annex right below is no part of the title",
        "鄂州市人民政府办公室关于印发任务清单的通知\n2023年鄂州市为民办实事任务清单\n为办好实事，制定清单。*",
        "鄂州市人民政府办公室关于印发任务清单的通知",
        None,
        "鄂州市人民政府办公室",
        None,
        "420700",
    ),
    Row(
        "group-with-quotation-marks",
        "a leading group with quotation marks in its name",
        "关于印发年度任务的通知\n各成员单位：\n现印发给你们。\n潜江市“双招双引”工作领导小组\n2022年4月7日*",
        "关于印发年度任务的通知",
        None,
        "潜江市“双招双引”工作领导小组",
        "2022-04-07",
        "429005",
    ),
    Row(
        "safety-commission",
        "the office of a commission on three lines with the date in blanks",
        "湖南省安全生产委员会办公室\n关于开展冬季消防检查的\n通知\n湘安办〔2023〕44号\n各市州安委会：\n通知如下。*湖南省安全生产委员会办公室\n2023 年 11 月 8 日",
        "湖南省安全生产委员会办公室关于开展冬季消防检查的通知",
        "湘安办〔2023〕44号",
        "湖南省安全生产委员会办公室",
        "2023-11-08",
        "430000",
    ),
    Row(
        "without-any-task",
        "a policy without responsibilities: the signature stands behind its sections",
        "黄石市人民政府关于促进消费的意见\n黄石政发〔2020〕6号\n各县（市）区人民政府：\n提出如下意见。\n一、总体要求\n坚持稳中求进。\n二、保障\n加强宣传。\n"
        "黄石市人民政府\n2020年4月16日",
        "黄石市人民政府关于促进消费的意见",
        "黄石政发〔2020〕6号",
        "黄石市人民政府",
        "2020-04-16",
        "420200",
    ),
    Row(
        "people-congress-committee",
        "a standing committee decides; its office signs nothing",
        "孝感市人民代表大会常务委员会关于加强预算监督的决定\n为加强监督，作如下决定。*",
        "孝感市人民代表大会常务委员会关于加强预算监督的决定",
        None,
        "孝感市人民代表大会常务委员会",
        None,
        "420900",
    ),
    Row(
        "court",
        "a court issues an opinion",
        "最高人民法院关于为乡村振兴提供司法服务的意见\n法发〔2021〕23号\n提出如下意见。\n最高人民法院\n2021年7月14日*",
        "最高人民法院关于为乡村振兴提供司法服务的意见",
        "法发〔2021〕23号",
        "最高人民法院",
        "2021-07-14",
        "CN",
    ),
    Row(
        "branch-of-a-system",
        "the branch of a vertical system before its place",
        "国家税务总局湖北省税务局关于优化办税服务的通知\n鄂税发〔2022〕40号\n各市州税务局：\n通知如下。\n国家税务总局湖北省税务局\n2022年6月1日*",
        "国家税务总局湖北省税务局关于优化办税服务的通知",
        "鄂税发〔2022〕40号",
        "国家税务总局湖北省税务局",
        "2022-06-01",
        "420000",
    ),
    Row(
        "bracketed-label",
        "labels of a page in square brackets",
        "【标题】仙桃市人民政府关于加快水产业发展的意见\n【发文字号】仙政发〔2018〕9号\n【成文日期】2018年6月4日\n各镇人民政府：\n提出如下意见。*",
        "仙桃市人民政府关于加快水产业发展的意见",
        "仙政发〔2018〕9号",
        "仙桃市人民政府",
        "2018-06-04",
        "429004",
    ),
    Row(
        "list-of-members",
        "names in a row at the end are a list, no signature",
        "工作安排*成员单位名单\n荆州市公安局\n荆州市司法局\n荆州市财政局\n荆州市水利局",
    ),
    Row(
        "words-that-begin-sentences",
        "现代 and 本溪 begin no sentence, though 现 and 本 do",
        "现代农业产业园建设实施方案\n为推进建设，制定本方案。*本溪市农业农村局\n2021年4月1日",
        "现代农业产业园建设实施方案",
        None,
        "本溪市农业农村局",
        "2021-04-01",
        "210500",
    ),
    Row("deadline-in-a-cell", "a day with 前 is a deadline", "市工作安排\n2020年6月30日前\n分工如下。*"),
    Row(
        "news",
        "a news item names bodies, days and numbers in sentences only",
        "近日，湖北省人民政府办公厅印发《关于支持发展的意见》（鄂政办发〔2022〕5号），2022年1月5日起施行。*",
    ),
]


REAL = [
    Row(
        "district-annex-signature",
        "a real form: no title on the page, annex named above the signature",
        "各镇（街道）人民政府（办事处），区政府各部门、直属机构：\n"
        "为完成工作任务，现将《<政府工作报告>任务分解表》印发给你们。\n附件：《政府工作报告》任务分解表\n盘锦市大洼区人民政府办公室\n"
        "2021年1月25日\n"
        "（此件公开发布）*",
        None,
        None,
        "盘锦市大洼区人民政府办公室",
        "2021-01-25",
        "211104",
    ),
    Row(
        "labels-above-values",
        "label and value on lines of their own",
        "返回顶部\n"
        "镇巴县人民政府工作规则\n• 索引号：\n6107280000/2024-001005\n• 来源：\n• 发文机构：\n县政府网站\n"
        "• 发文字号：\n镇政发〔2024〕7号\n• 发文日期：\n2024年04月06日 16:40\n• 发布日期：\n"
        "2024年04月06日 16:34\n镇巴县人民政府工作规则\n"
        "第一章总则*",
        "镇巴县人民政府工作规则",
        "镇政发〔2024〕7号",
        None,
        "2024-04-06",
        "610728",
    ),
    Row(
        "nothing-but-addressees",
        "a county page that prints addressees alone",
        "各乡镇人民政府，县政府各部门，县属驻县各单位：\n现将2016年的各项目标任务分解下达。\n附件：2016年县政府重点工作任务分解表*",
    ),
    Row(
        "labels-in-bars",
        "labels of a page drawn with bars",
        "索引号： | 113416/202004-00328 | 信息分类： | 规范性文件 |\n"
        "发布机构： | 谯城区政府（办公室） | 主题分类： | 综合政务 |\n"
        "成文日期： | 发布日期： | 2020-04-09 08:44 | |\n发文字号： | 无 | 有 效 性： | 失效 |\n"
        "标 题： | 亳州市谯城区人民政府办公室关于印发2020年重点工作任务分解表的通知 | ||\n各乡镇人民政府、街道办事处：\n"
        "现印发给你们。*",
        "亳州市谯城区人民政府办公室关于印发2020年重点工作任务分解表的通知",
        None,
        "亳州市谯城区人民政府办公室",
        "2020-04-09",
        "341602",
    ),
    Row(
        "banner-three-lines",
        "an autonomous banner, title over three lines, date alone behind the annex",
        "鄂温克族自治旗人民政府办公室\n"
        "关于印发2022年《政府工作报告》\n重点任务责任落实分工的通知\n各苏木乡镇人民政府，旗政府各部门：\n现印发给你们。\n"
        "附件：2022年重点任务落实推进情况表\n2022年2月21日\n（联系人：甲，联系电话：8812822）\n"
        "（此件公开发布）*",
        "鄂温克族自治旗人民政府办公室关于印发2022年《政府工作报告》重点任务责任落实分工的通知",
        None,
        "鄂温克族自治旗人民政府办公室",
        "2022-02-21",
        "150724",
    ),
    Row(
        "title-in-marks",
        "number and title in title marks on one line",
        "京政办发〔2016〕26号《北京市人民政府办公厅关于印发〈北京市2016年政务公开工作要点〉的通知》\n"
        "《北京市人民政府办公厅关于印发〈北京市2016年政务公开工作要点〉的通知》\n京政办发〔2016〕26号\n各区人民政府：\n"
        "现印发给你们。\n北京市人民政府办公厅\n"
        "2016年5月28日*",
        "北京市人民政府办公厅关于印发〈北京市2016年政务公开工作要点〉的通知",
        "京政办发〔2016〕26号",
        "北京市人民政府办公厅",
        "2016-05-28",
        "110000",
    ),
    Row(
        "rings-for-zeros",
        "date in Chinese figures with rings, no signature; the annex names the district",
        "各镇政府（街道办事处），区政府直属局以上单位：\n"
        "现将有关事项通知如下。\n附件：2007年三水区政府工作主要任务分解表\n"
        "二○○七年四月十三日*",
        None,
        None,
        None,
        "2007-04-13",
        None,
    ),
    Row(
        "interpretation",
        "an interpretation of a notice is none: its day and number are those of another",
        "2024年3月28日，高唐县人民政府印发了《目标任务分工方案》（高政字〔2024〕5号，以下简称《通知》），现将主要内容解读如下：\n"
        "解读机构及咨询方式*",
    ),
    Row(
        "counter-of-page",
        "a page with counter and time above the title",
        "鲁政发〔2014〕20号《山东省人民政府关于深化预算管理制度改革的实施意见》\n"
        "浏览量：  时间：2016-01-17 23:45:19\n山东省人民政府关于深化预算管理制度改革的实施意见\n鲁政发〔2014〕20号\n"
        "各市人民政府：\n"
        "提出以下实施意见。*",
        "山东省人民政府关于深化预算管理制度改革的实施意见",
        "鲁政发〔2014〕20号",
        "山东省人民政府",
        None,
        "370000",
    ),
    Row(
        "holiday",
        "title over two lines, a telegram's number",
        "国务院办公厅关于2025年\n"
        "部分节假日安排的通知\n国办发明电〔2024〕12号\n各省、自治区、直辖市人民政府：\n通知如下。*国务院办公厅\n"
        "2024年11月12日",
        "国务院办公厅关于2025年部分节假日安排的通知",
        "国办发明电〔2024〕12号",
        "国务院办公厅",
        "2024-11-12",
        "CN",
    ),
    Row(
        "short-lines",
        "title over two short lines with an empty line between",
        "国务院办公厅关于复制推广\n\n营商环境创新试点改革举措的通知\n\n国办发〔2022〕35号\n\n各省、自治区、直辖市人民政府：\n通知如下。*",
        "国务院办公厅关于复制推广营商环境创新试点改革举措的通知",
        "国办发〔2022〕35号",
        "国务院办公厅",
        None,
        "CN",
    ),
    Row(
        "no-kind-behind-quotation",
        "a page's title without 的通知",
        "晋政办发〔2017〕55号 山西省人民政府办公厅关于印发山西省贯彻落实《促进中部地区崛起规划》工作方案\n"
        "山西省人民政府办公厅关于印发山西省贯彻落实《促进中部地区崛起规划》工作方案\n晋政办发〔2017〕55号\n各市、县人民政府：\n"
        "现印发给你们。\n山西省人民政府办公厅\n2017年5月15日\n"
        "山西省贯彻落实《促进中部地区崛起规划》工作方案*",
        "山西省人民政府办公厅关于印发山西省贯彻落实《促进中部地区崛起规划》工作方案",
        "晋政办发〔2017〕55号",
        "山西省人民政府办公厅",
        "2017-05-15",
        "140000",
    ),
    Row(
        "plan-below-signature",
        "labels of a law site above, the title of the plan below the signature",
        "发文机关:山西省人民政府\n"
        "发布日期:2018年03月27\n文号 :晋政发〔2018〕13号\n各市、县人民政府：\n现将《实施方案》印发给你们。\n"
        " 山西省人民政府\n 2018年3月27日\n (此件公开发布)\n山西省激发重点群体活力的实施方案\n"
        "根据精神，制定本方案。*",
        "山西省激发重点群体活力的实施方案",
        "晋政发〔2018〕13号",
        "山西省人民政府",
        "2018-03-27",
        "140000",
    ),
    Row(
        "law-site-bars",
        "title and number on one line, a table of the site in bars, the signature below",
        "广东省人民政府关于印发2021年省《政府工作报告》重点任务分工方案的通知 （粤府〔2021〕22号）\n"
        "来源： 广东省人民政府\n发布单位 |\n广东省人民政府\n|\n发布文号 | 粤府〔2021〕22号 |\n"
        "发布日期 | 2021-03-29 | 生效日期 | 2021-03-29 |\n备注 |\n各地级以上市人民政府：\n现印发给你们。\n"
        "广东省人民政府\n2021年3月21日\n"
        "2021年省《政府工作报告》重点任务分工方案*",
        "广东省人民政府关于印发2021年省《政府工作报告》重点任务分工方案的通知",
        "粤府〔2021〕22号",
        "广东省人民政府",
        "2021-03-21",
        "440000",
    ),
    Row(
        "news-item",
        "a news item on a notice",
        "安徽网讯 据安徽省人民政府网消息，近日，安徽省人民政府发布关于重点工作及责任分解的通知。\n通知称，明确各项工作的牵头责任单位。*",
    ),
    Row(
        "rings-alone",
        "date in rings, title below",
        "各区、市、县人民政府，市政府各工作部门： 《贵阳市创建创业型城市工作意见》已经市人民政府同意，现印发给你们。\n"
        "二○○九年四月二十八日\n贵阳市创建国家级创业型城市工作意见\n"
        "为贯彻精神，提出如下意见。*",
        "贵阳市创建国家级创业型城市工作意见",
        None,
        None,
        "2009-04-28",
        "520100",
    ),
    Row(
        "year-below-signature",
        "signature, note, title with the year",
        "各县（区）人民政府、管委会：\n"
        "\n  《2023年新余市政务公开工作要点》已经市政府同意，现印发给你们。\n\n  新余市人民政府办公室\n\n  2023年8月7日\n"
        "\n  （此件主动公开）\n\n  2023年新余市政务公开工作要点\n\n"
        "  为进一步深化工作，制定本要点。*",
        "2023年新余市政务公开工作要点",
        None,
        "新余市人民政府办公室",
        "2023-08-07",
        "360500",
    ),
    Row(
        "law-site",
        "path, counters and the name of the issuer below the title",
        "您的位置： 首页 » 法律资料网 » 法律法规 »\n"
        "菏泽市人民政府办公室关于印发菏泽市扩大内需投资项目管理办法的通知\n"
        "作者：法律资料网 时间：2024-07-01 16:20:34  浏览：9319   来源：法律资料网\n下载地址： 点击此处下载\n"
        "菏泽市人民政府办公室关于印发菏泽市扩大内需投资项目管理办法的通知\n山东省菏泽市人民政府办公室\n"
        "菏泽市人民政府办公室关于印发菏泽市扩大内需投资项目管理办法的通知\n菏政办发〔2009〕72号\n各县区人民政府：\n  现印发给你们。\n"
        "二○○九年十月二十九日\n菏泽市扩大内需投资项目管理办法\n"
        "  第一章  总 则*",
        "菏泽市人民政府办公室关于印发菏泽市扩大内需投资项目管理办法的通知",
        "菏政办发〔2009〕72号",
        "菏泽市人民政府办公室",
        "2009-10-29",
        "371700",
    ),
    Row(
        "title-twice",
        "title of the page, then again over four lines under the number",
        "怀化市人民政府办公室关于印发《怀化市贯彻落实〈关于打好主动仗的若干政策措施〉实施方案》的通知\n"
        "发布时间：2023-03-15 09:28信息来源：怀化市人民政府办公室\nHHCR-2023-01005\n怀政办发〔2023〕9号\n"
        "怀化市人民政府办公室\n关于印发《怀化市贯彻落实〈关于打好\n主动仗的若干\n政策措施〉实施方案》的通知\n各县市区人民政府：\n"
        "现印发给你们。\n怀化市人民政府办公室      \n2023年3月15日        \n怀化市贯彻落实《关于打好主动仗\n"
        "的若干政策\n措施》实施方案\n"
        "制定本方案。*",
        "怀化市人民政府办公室关于印发《怀化市贯彻落实〈关于打好主动仗的若干政策措施〉实施方案》的通知",
        "怀政办发〔2023〕9号",
        "怀化市人民政府办公室",
        "2023-03-15",
        "431200",
    ),
    Row(
        "quotation-in-quotation",
        "a title over four lines with a quotation inside a quotation",
        "怀政办发〔2023〕9号\n"
        "怀化市人民政府办公室\n关于印发《怀化市贯彻落实〈关于打好\n主动仗的若干\n政策措施〉实施方案》的通知\n各县市区人民政府：\n"
        "现印发给你们。\n怀化市人民政府办公室      \n"
        "2023年3月15日*",
        "怀化市人民政府办公室关于印发《怀化市贯彻落实〈关于打好主动仗的若干政策措施〉实施方案》的通知",
        "怀政办发〔2023〕9号",
        "怀化市人民政府办公室",
        "2023-03-15",
        "431200",
    ),
    Row(
        "congress-office",
        "wrapped title of a standing committee, revisions in brackets below",
        "来源：州人大\n"
        "访问量：\n更新日期：2024-01-12\n阿坝藏族羌族自治州人民代表大会\n常务委员会机关公文处理办法\n"
        "（2023年8月28日阿坝藏族羌族自治州第十三届人民代表大会\n常务委员会第二十次主任会议修订）\n"
        "第一章*",
        "阿坝藏族羌族自治州人民代表大会常务委员会机关公文处理办法",
        None,
        None,
        None,
        "513200",
    ),
    Row(
        "title-marks-twice",
        "title in marks with a quotation inside, number twice",
        "成府发〔2014〕7号《成都市人民政府关于印发〈成都市市级财政专项资金管理暂行办法〉的通知》\n"
        "浏览量：          时间：2018-11-14 08:56:07\n"
        "《成都市人民政府关于印发〈成都市市级财政专项资金管理暂行办法〉的通知》\n成府发〔2014〕7号\n各区（市）县政府：\n现印发你们。\n"
        "成都市人民政府\n2014年2月10日\n"
        "成都市市级财政专项资金管理暂行办法*",
        "成都市人民政府关于印发〈成都市市级财政专项资金管理暂行办法〉的通知",
        "成府发〔2014〕7号",
        "成都市人民政府",
        "2014-02-10",
        "510100",
    ),
]
"""Forms of pages of governments, shortened."""


@pytest.mark.parametrize("row", [*FIRST, *LATER, *LAST, *REAL], ids=lambda row: row.id)
def test_a_head_says_who_wrote_what_when_and_where(row: Row) -> None:
    assert head_of(read(row.text)) == (row.title, row.number, row.issuer, row.date, row.place), row.why


def test_a_number_has_its_parts_and_no_blanks() -> None:
    (line,) = lines_of("成都市人民政府关于改革的意见成府发 〔2021〕 第 3 号各区政府：")
    number = read_number(line)
    assert number is not None
    assert (number.printed, number.series, number.year, number.serial) == ("成府发〔2021〕第3号", "成府发", 2021, 3)


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not on this machine")
@pytest.mark.parametrize("gold", sorted((CORPUS / "gold").glob("*.json")), ids=lambda path: path.stem)
def test_the_heads_of_the_corpus_are_read_as_by_hand(gold: Path) -> None:
    said = json.loads(gold.read_text(encoding="utf-8"))
    path = SEED if gold.stem.startswith("jingzhou") else CORPUS / "docs" / said["file"]
    title, number, issuer, day, place = head_of(one_notice(path))
    assert (title, number, issuer, day) == (said["title"], said["doc_no"], said["issuer"], said["date"])
    assert place is not None
