"""The page of the HTTP interface, from the OpenAPI description that ``kg serve`` itself gives."""

from __future__ import annotations

import importlib
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kg import api
from kg.messages import say

ROOT = Path(__file__).resolve().parents[2]
_ABSENT = {
    "zh": """# HTTP 接口

这个版本没有 `kg serve`。要让别的程序用图谱，用 `kg export`（见[命令行](command-line.md)）导出，装进任意 SPARQL 1.1 服务器。
""",
    "en": """# HTTP interface

This version has no `kg serve`. To give the graph to other programs, export it with `kg export` (see the
[command line](command-line.md)) and load it into any SPARQL 1.1 server.
""",
}
_HEAD = {
    "zh": """# HTTP 接口

`kg serve out` 把 `kg build` 的输出放到网上看：只读，默认只有本机能访问。选项见[命令行](command-line.md)。

## SPARQL

`/sparql` 遵守 SPARQL 1.1 协议的查询部分：`GET` 带参数 `query`，或 `POST` 表单，或 `POST` 正文（`application/sparql-query`）。
结果的格式看 `Accept`：查询结果有 JSON、XML、CSV、TSV，图有 Turtle、N-Triples、JSON-LD 等。更新、`SERVICE`、`FROM` 一律拒绝。
查询超过时限、行数、内存或嵌套太深会被停下，并说明原因（504、422）。各客户端按来访地址轮流得到回答，别的机器来的客户端不能
独占全部查询进程（只有一个进程时除外），问得多的不会拖住别人；等候的太多时回答 503，并用 `Retry-After` 说明多久后再试。在反向代理
之后，所有客户端算作一个。用浏览器打开这个地址，是查询编辑页。

```python
import httpx

answer = httpx.get(
    "http://127.0.0.1:8000/sparql",
    params={"query": "SELECT ?unit (COUNT(?t) AS ?n) { ?t kg:ledBy/skos:prefLabel ?unit } GROUP BY ?unit ORDER BY DESC(?n) ?unit"},
    headers={"Accept": "text/csv"},
)
print(answer.text)
```

用 curl 时，中文的值要编码，交给 `--data-urlencode`：`curl -G http://127.0.0.1:8000/ask -d question=partners -d format=csv --data-urlencode unit=市发改委`。

## 网页和数据

每个网页同时是数据：地址后加 `.json`、`.csv`，事物的网页还可加 `.ttl`。本表由程序自己的 OpenAPI 描述（`/openapi.json`）生成。
""",
    "en": """# HTTP interface

`kg serve out` puts the output of `kg build` on the web: read only, and reached from this machine only unless told otherwise.
Its options are on the page of the [command line](command-line.md).

## SPARQL

`/sparql` is the query half of the SPARQL 1.1 Protocol: `GET` with the parameter `query`, `POST` of a form, or `POST` of a body
(`application/sparql-query`). `Accept` chooses the format: JSON, XML, CSV or TSV for rows; Turtle, N-Triples, JSON-LD and more for
graphs. Updates, `SERVICE` and `FROM` are refused. A query that exceeds the limit of time, rows
or memory, or is nested too deeply, is stopped and told why (504, 422). Clients are served in turn by their address: none from
another machine has all query processes at once (unless there is only one), so a client that asks much does not hold up another; 503
with `Retry-After` says that too many wait. Behind a reverse proxy all clients count as one. A browser finds an editor at the same
address.

```python
import httpx

answer = httpx.get(
    "http://127.0.0.1:8000/sparql",
    params={"query": "SELECT ?unit (COUNT(?t) AS ?n) { ?t kg:ledBy/skos:prefLabel ?unit } GROUP BY ?unit ORDER BY DESC(?n) ?unit"},
    headers={"Accept": "text/csv"},
)
print(answer.text)
```

With curl, Chinese values must be encoded, which `--data-urlencode` does: `curl -G http://127.0.0.1:8000/ask -d question=partners -d format=csv --data-urlencode unit=市发改委`.

## Pages and data

Every page is data too: add `.json` or `.csv` to its address, and `.ttl` for things. This table is made of the program's own
OpenAPI description (`/openapi.json`).
""",
}
_COLUMNS = {"zh": ("地址", "给出什么", "参数"), "en": ("address", "what it gives", "parameters")}
_COMMON = {"lang", "list", "page"}


def page(lang: str) -> str:
    """The page in one language; where the program has no server, a page that says so."""
    if find_spec("kg.serve") is None:
        return _ABSENT[lang]
    described = _description()
    rows = [" | ".join(_COLUMNS[lang]), " | ".join("---" for _ in _COLUMNS[lang])]
    common: dict[str, str] = {}
    for path, route in described["paths"].items():
        given = {one["name"]: one for one in route["get"]["parameters"] if one["in"] == "query"}
        common |= {name: say(f"site.api.param.{name}", lang=lang) for name in given if name in _COMMON}
        own = [f"`{name}`: {say(f'site.api.param.{name}', lang=lang)}" for name in given if name not in _COMMON]
        gives = say(f"site.api.{route['get']['operationId']}", lang=lang)
        rows.append(f"`{path}` | {gives} | {'; '.join(own)}")
    table = "\n".join(f"| {row} |" for row in rows)
    shared = "\n".join(f"- `{name}`: {words}" for name, words in sorted(common.items()))
    every = {"zh": "所有地址都有：", "en": "Every address takes:"}[lang]
    return f"{_HEAD[lang]}\n{table}\n\n{every}\n\n{shared}\n"


def _description() -> dict[str, Any]:
    pages = importlib.import_module("kg.serve.pages")
    site = importlib.import_module("kg.serve.site")
    with tempfile.TemporaryDirectory() as folder:
        api.build([ROOT / "seeds"], Path(folder) / "out")
        described: dict[str, Any] = pages.description(site.open_site(Path(folder) / "out"), pages.KINDS)
        return described
