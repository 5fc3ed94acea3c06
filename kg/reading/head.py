"""The head of a notice: title, number, issuer, date, plan year. What a document does not print is None."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.folding import fold, marks
from kg.reading.characters import Line
from kg.reading.ordinals import begins_item, han_number, read_ordinal
from kg.resources import per_lexicon, table


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number such as 荆政办发〔2020〕1号, with its parts; ``printed`` without blanks."""

    printed: str
    series: str
    year: int
    serial: int


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a notice prints."""

    title: str | None
    number: DocumentNumber | None
    issuer: str | None
    date: date | None
    plan_year: int | None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs and on which day; several organs stand in printed order with a blank between."""

    issuer: str | None
    date: date | None


def _words() -> dict[str, Any]:
    return table("lexicon/head.toml")


@per_lexicon
def _pattern(table_name: str, key: str) -> re.Pattern[str]:
    return re.compile(_words()[table_name][key])


def read_head(front: Sequence[Line], back: Sequence[Line] = (), tabled: Sequence[Line] = ()) -> Head:
    """The head of a notice: title, number, issuer, date and plan year.

    The signature says best who speaks and when; then the title, a line that says when the notice was given out, the letterhead,
    and last what a web page prints about the document.

    Args:
        front: the lines before its first section and task.
        back: those behind its last task, where a letter prints its date.
        tabled: those of the front with the tables among them, where a web page may print what it knows about the document.
    """
    lines, page = [*front, *back], [*front, *back, *tabled]
    title = read_title(front, tabled)
    number = next(filter(None, map(read_number, front)), None) or _labelled_number(page)
    signed, given = _signature(lines), _given_out(lines)
    issuer = signed.issuer or _title_issuer(title) or given.issuer or _unsigned(lines) or _letterhead(front)
    issuer = issuer or next((" ".join(names) for value in _labelled(page, "issuer") if (names := organs_of(value))), None)
    issued = signed.date or given.date or _date_below(front) or _labelled_date(page) or _page_date(front)
    return Head(title, number, issuer, issued, _plan_year(title, front, issued, number))


def title_line(lines: Sequence[Line]) -> int:
    """The index of the line with the title of a document; 0 where none stands near its start, or something numbered before it.

    What a web page prints above it (索引号：…, 责任部门：…) describes the document, and gives nobody a task.
    """
    near = lines[: _words()["title"]["lines"]]
    at = next((at for at, line in enumerate(near) if _begins_outline(line)), 0)
    return 0 if any(begins_item(line.folded) for line in near[:at]) else at


def _begins_outline(line: Line) -> bool:
    # Stricter than a title: what stands above this line gives nobody a task.
    words = _words()["title"]
    text = re.sub(rf"\(?{_words()['number']['pattern']}\)?$", "", line.folded).rstrip()
    return words["about"] in text and text.endswith(tuple(words["endings"])) and len(text) <= words["longest"]


def read_title(front: Sequence[Line], tabled: Sequence[Line] = ()) -> str | None:
    """The title: that with 关于, else what a web page calls so, else that of a list, a plan or measures without 关于."""
    lines = list(map(_bare_line, front))
    for titles in (_about_titles(lines), _labelled([*front, *tabled], "title"), _plain_titles(lines)):
        if title := next((title for title in titles if _is_title(fold(title))), None):
            return title
    return None


def _is_title(folded: str) -> bool:
    return _is_about(folded) or _is_plain(folded)


def _is_about(folded: str) -> bool:
    # Lines such as 国务院关于…的意见.
    kinds = (*_words()["title"]["endings"], *_words()["heading"]["kinds"])
    return _could_be_title(folded) and _words()["title"]["about"] in folded and _bare(folded).endswith(kinds)


def _is_plain(folded: str) -> bool:
    if not _could_be_title(folded):
        return False
    bare, words = _bare(folded), _words()["heading"]
    listed = bare.endswith(tuple(_words()["title"]["lists"]))
    given = _pattern("heading", "given").fullmatch(folded)
    return listed or (len(bare) >= words["shortest"] and bare.endswith(tuple(words["plain"]))) or bool(given and organs_of(given["organ"]))


def _could_be_title(folded: str) -> bool:
    if len(folded) > _words()["title"]["longest"] or set(folded) & set(_words()["heading"]["marks"]):
        return False
    return not _pattern("heading", "never").match(folded) and read_ordinal(folded) is None and _is_closed(folded)


def _is_closed(folded: str) -> bool:
    return folded.count("(") == folded.count(")") and folded.count("《") == folded.count("》")


def _bare(folded: str) -> str:
    # Without (试行), (征求意见稿), (2024年版).
    return re.sub(rf"(?:{_words()['heading']['suffix']})+$", "", folded)


def _without_number(line: Line) -> Line:
    hit = re.search(rf"\s*\(?{_words()['number']['pattern']}\)?$", line.folded)
    return (line.part(0, hit.start()) or line) if hit else line


def _bare_line(line: Line) -> Line:
    # 京政办发〔2016〕26号《北京市人民政府办公厅关于…的通知》: without the number in front and the title marks.
    hit = _pattern("number", "pattern").match(line.folded)
    left = (line.part(hit.end(), len(line.text)) if hit else line) or line
    marked = _pattern("heading", "marked").fullmatch(left.folded)
    return (left.part(*marked.span("title")) if marked else left) or line


def _about_titles(front: Sequence[Line]) -> Iterator[str]:
    for at, line in enumerate(front):
        yield _title_from(front, at) or ""
        yield from (line.text[:end] for end in _run_on_ends(line))


def _title_from(front: Sequence[Line], at: int) -> str | None:
    """The title with 关于 that begins in a line and ends in it, or in one of those behind that a wrap made."""
    words, found = _words()["heading"], None
    text = folded = ""
    for line in front[at : at + words["wraps"]]:
        part = _without_number(line)
        if text and not (_is_wrapped(part) and _goes_on(text, folded, part, found is not None)):
            break
        gap = " " if organs_of(text) and organs_of(part.text) and not _pattern("organ", "tail").fullmatch(part.folded) else ""
        text, folded = text + gap + part.text, folded + gap + part.folded
        found = text if _is_about(folded) else found
        if not _is_wrapped(line):
            break
    return found


def _goes_on(text: str, folded: str, line: Line, complete: bool) -> bool:
    # A title that is complete goes on only in what cannot begin anything; one that is not yet, in its second half.
    words = _words()["heading"]
    if re.fullmatch(words["suffix"], line.folded):
        return True
    if not complete:
        about = _words()["title"]["about"]
        return (
            about in folded or (line.folded.startswith(about) and bool(organs_of(text))) or bool(organs_of(text) and organs_of(line.text))
        )
    kinds = (*_words()["title"]["endings"], *words["kinds"])
    ended = any(folded.endswith(words["done"] + kind) for kind in kinds)
    return not ended and (line.folded in kinds or bool(re.fullmatch(words["more"], line.folded)))


def _is_wrapped(line: Line) -> bool:
    # Whether a line can be a part of a title that a wrap divided.
    folded, words = line.folded, _words()["heading"]
    if len(folded) > words["wrap"] or set(folded) & set(words["marks"]) or begins_item(folded):
        return False
    if re.fullmatch(rf"(?:{words['suffix']})", folded):
        return True
    bracketed = folded.startswith("(") and folded.endswith(")")
    dated = read_date(line) or _pattern("date", "iso_pattern").search(folded) or _pattern("number", "pattern").search(folded)
    return not (bracketed or _paper_of(folded) or dated or _pattern("heading", "never").match(folded))


def _run_on_ends(line: Line) -> Iterator[int]:
    # In a text without line ends the number or the addressees follow the title at once.
    hit = _pattern("number", "pattern").search(line.folded)
    ends = [_series_start(line.folded, hit)] if hit else []
    ends += [hit.start() for hit in _pattern("heading", "addressees").finditer(line.folded[: 2 * _words()["title"]["longest"]])]
    yield from (end for end in (len(line.folded[:end].rstrip(" (")) for end in ends) if _is_about(line.folded[:end]))


def _plain_titles(front: Sequence[Line]) -> Iterator[str]:
    words = _words()["heading"]
    for at, whole in enumerate(front):
        line = _without_number(whole)
        if not _is_plain(line.folded):
            continue
        behind = front[at + 1] if at + 1 < len(front) else None
        last = behind.text if behind and re.fullmatch(words["suffix"], behind.folded) else ""
        above = front[at - 1] if at else None
        first = above.text if above and _is_first_half(above, line) else ""
        yield first + line.text + last


def _is_first_half(above: Line, line: Line) -> bool:
    # Of a title without 关于: long, no title or organ itself, unless the organ goes on (…人民代表大会 / 常务委员会…办法).
    tail = _pattern("organ", "tail").match(line.folded)
    apart = bool(organs_of(above.text)) and not (tail and tail.group())
    if (
        len(above.folded) < _words()["heading"]["wrapped"]
        or " " in above.folded
        or apart
        or _pattern("placing", "before").match(line.folded)
    ):
        return False
    return _is_wrapped(above) and not _is_title(above.folded) and _is_plain(above.folded + line.folded)


def read_number(line: Line) -> DocumentNumber | None:
    """The number that a document gives itself in a line: alone, behind or before its title, below a letterhead.

    That of another document, in a sentence, is none.
    """
    return next((number for hit in _pattern("number", "pattern").finditer(line.folded) if (number := _own_number(line, hit))), None)


def _own_number(line: Line, hit: re.Match[str]) -> DocumentNumber | None:
    start = _series_start(line.folded, hit)
    before, behind = line.folded[:start].rstrip(), line.folded[hit.end() :]
    bracketed = before.endswith("(") and behind.startswith(")")
    before, behind = (before[:-1].rstrip(), behind[1:]) if bracketed else (before, behind)
    ends = not behind.strip() or bool(re.fullmatch(_words()["number"]["behind"], behind.strip()))
    if not before:
        own = ends or behind.startswith(" ") or _is_title(behind)
    elif _is_title(before) or _paper_of(before):
        own = True
    else:
        own = ends and bracketed and _could_be_title(before) and not before.endswith("》")
    return _number(line, start, hit) if own else None


def _number(line: Line, start: int, hit: re.Match[str]) -> DocumentNumber:
    printed = "".join(line.text[start : hit.end()].split())
    return DocumentNumber(printed, hit["series"][start - hit.start() :], int(hit["year"]), int(hit["serial"]))


def _series_start(folded: str, hit: re.Match[str]) -> int:
    # The series does not take in the end of the title or the letterhead that stands before it.
    ends = (at for at in range(hit.end("series") - 2, hit.start(), -1) if _is_about(folded[:at]) or _paper_of(folded[:at]))
    return next(ends, hit.start())


def _paper_of(text: str) -> list[str]:
    # The organs of a letterhead: 荆州市人民政府文件, 武汉市人民政府令.
    return next((organs_of(text.removesuffix(paper)) for paper in _words()["organ"]["papers"] if text.endswith(paper)), [])


def _labelled_number(lines: Sequence[Line]) -> DocumentNumber | None:
    for value in _labelled_lines(lines, "number"):
        if hit := _pattern("number", "pattern").match(value.folded):
            return _number(value, hit.start(), hit)
    return None


def organs_of(text: str) -> list[str]:
    """The organs of a text that is nothing but names of organs with blanks between; empty where it is anything else.

    >>> organs_of("国家发展改革委  财政部"), organs_of("国 务 院"), organs_of("各县人民政府")
    (['国家发展改革委', '财政部'], ['国务院'], [])
    """
    plain = re.sub(rf"{_words()['organ']['seal']}$", "", fold(text))
    printed = text[: len(plain)].strip()
    gaps = re.findall(r"\s+", printed)
    wide = ["".join(part.split()) for part in printed.split(max(gaps, key=len))] if gaps else []
    for names in (printed.split(), wide, ["".join(printed.split())]):
        if names and all(map(_is_organ, names)):
            return names
    return []


def _is_organ(name: str) -> bool:
    folded = fold(name)
    endings = (*_words()["issuer"]["endings"], *_words()["organ"]["endings"])
    if not folded.endswith(endings) or _pattern("organ", "never").match(folded):
        return False
    return _pattern("organ", "pattern").fullmatch(folded) is not None


def _signature(lines: Sequence[Line]) -> Signature:
    # The first date with its organs above or before it; else the first date that stands alone.
    dated = {at: day for at, line in enumerate(lines) if (day := read_date(line))}
    for at, line in enumerate(lines):
        if one := _on_one_line(line, "behind"):
            return one
        if at in dated and (names := _organs_above(lines, at)):
            return Signature(names, dated[at])
    return Signature(None, next(iter(dated.values()), None))


def _given_out(lines: Sequence[Line]) -> Signature:
    # 荆州市人民政府办公室2020年1月8日印发
    return next(filter(None, (_on_one_line(line, "given") for line in lines)), Signature(None, None))


def _on_one_line(line: Line, behind: str) -> Signature | None:
    start = r"(?:^|[。;!])" if behind == "behind" else "^"
    for form in ("pattern", "han_pattern"):
        pattern = rf"{start}\s*(?P<organ>[^。;,:!?\d]{{2,60}}?)\s*{_words()['date'][form]}(?:{_words()['date'][behind]})$"
        hit = re.search(pattern, line.folded)
        day = _day(hit) if hit else None
        if hit and day and (names := organs_of(line.text[hit.start("organ") : hit.end("organ")])):
            return Signature(" ".join(names), day)
    return None


def _organs_above(lines: Sequence[Line], at: int) -> str | None:
    # From the bottom up; a seal between, and the first half of a name that a wrap divided, belong to it.
    names: list[str] = []
    while at > 0:
        at -= 1
        if re.fullmatch(_words()["organ"]["seal"], lines[at].folded):
            continue
        found = organs_of(lines[at].text)
        if not found:
            break
        if at and _pattern("organ", "tail").fullmatch(fold(found[0])) and (whole := organs_of(lines[at - 1].text + found[0])):
            found, at = [*whole, *found[1:]], at - 1
        names = [*found, *names]
    return " ".join(names) or None


def _unsigned(lines: Sequence[Line]) -> str | None:
    # A signature without a date: before the annex, or behind all the text.
    end = len(lines)
    while end and _pattern("annex", "notes").fullmatch(lines[end - 1].folded):
        end -= 1
    ends = [at for at, line in enumerate(lines) if at and _pattern("annex", "begins").match(line.folded)]
    found = filter(None, (_organs_above(lines, at) for at in (*ends, end) if at > 1))
    return next((names for names in found if len(names.split()) <= _words()["organ"]["unsigned"]), None)


def _title_issuer(title: str | None) -> str | None:
    if not title or not (hit := _pattern("heading", "action").search(title)):
        return None
    before = title[: hit.start()].strip()
    ends = fold(before).endswith((*_words()["issuer"]["endings"], *_words()["organ"]["endings"]))
    return before if ends and _is_closed(before) else None


def _letterhead(front: Sequence[Line]) -> str | None:
    for line, behind in zip(front, (*front[1:], None), strict=False):
        numbered = behind is not None and _pattern("number", "pattern").match(behind.folded)
        if names := _paper_of(_without_number(line).text) or (organs_of(line.text) if numbered else []):
            return " ".join(names)
    return None


def read_date(line: Line) -> date | None:
    """The date that a line consists of, with nothing but brackets behind it; None where it holds anything else."""
    return _date_of(line.folded)


def _date_of(folded: str) -> date | None:
    for form in ("pattern", "han_pattern"):
        if hit := re.fullmatch(rf"{_words()['date'][form]}(?:{_words()['date']['behind']})", folded):
            return _day(hit)
    return None


def _day(hit: re.Match[str]) -> date | None:
    words = _words()["date"]
    parts = [re.sub(r"\s", "", hit[name]) for name in ("year", "month", "day")]
    if not parts[2].isascii():
        parts = [str(han_number(part.translate(str.maketrans(dict.fromkeys(words["zeros"], words["zero"]))))) for part in parts]
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def _date_below(front: Sequence[Line]) -> date | None:
    # (2020年1月7日), (2020年1月7日荆州市人民政府发布) below the title.
    hits = (_pattern("date", "below").fullmatch(line.folded) for line in front)
    return next((day for hit in hits if hit and (day := _date_of(hit["date"]))), None)


def _labelled_date(lines: Sequence[Line]) -> date | None:
    for kind in ("made", "shown"):
        for value in map(fold, _labelled(lines, kind)):
            for form in ("pattern", "iso_pattern"):
                hit = _pattern("date", form).match(value)
                if hit and (day := _day(hit)):
                    return day
    return None


def _page_date(front: Sequence[Line]) -> date | None:
    hits = (_pattern("date", "iso_pattern").fullmatch(line.folded) for line in front)
    return next(filter(None, (_day(hit) for hit in hits if hit)), None)


def _labelled(lines: Sequence[Line], kind: str) -> Iterator[str]:
    # The values of labels of one kind, best label first.
    return (value.text for value in _labelled_lines(lines, kind))


def _labelled_lines(lines: Sequence[Line], kind: str) -> Iterator[Line]:
    # The value stands behind the label or, where nothing does, in the next line that is no label.
    for pattern in _label_patterns(kind):
        for line, behind in zip(lines, (*lines[1:], None), strict=False):
            if hit := pattern.search(line.folded):
                below = behind if hit.end() == len(line.text) and behind and not behind.folded.endswith(marks("colon")) else None
                if value := line.part(*hit.span("value")) or below:
                    yield value


@per_lexicon
def _label_patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    words, blanks = _words()["labels"], r"\s*"
    names = (blanks.join(word) for word in words[kind])
    return tuple(re.compile(rf"(?:^|\W)(?:{name}\s*:|{name}〕\s*:?)[\s|]*(?P<value>.*?){words['until']}") for name in names)


def _plan_year(title: str | None, front: Sequence[Line], issued: date | None, number: DocumentNumber | None) -> int | None:
    # The title says it, or the annex (its title, its preamble), which stands behind the date; else the year of issue.
    pattern = re.compile(_words()["plan"]["pattern"])
    if title and (hit := pattern.search(title)):
        return int(hit["year"])
    dated = next((at for at, line in enumerate(front) if read_date(line)), None)
    for line in front[dated + 1 :] if dated is not None else ():
        if (hit := pattern.match(line.folded)) and not read_date(line):
            return int(hit["year"])
    return issued.year if issued else number.year if number else None
