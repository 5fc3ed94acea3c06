"""The page of the command line, from the help of every command."""

from __future__ import annotations

import click

from kg.cli import cli
from kg.messages import say, use_language

WIDTH = 100
_HEAD = {
    "zh": """# 命令行

本页由各命令的 `--help` 生成，与程序一致。`--lang en` 或环境变量 `KG_LANG=en` 换成英文。

| 退出状态 | 含义 |
|---|---|
| 0 | 完成 |
| 1 | 有所查等级的发现（`kg lint`），或图谱不符合规则（`kg validate`） |
| 2 | 输入有误，或用法不对；说明写到标准错误 |
| 130 | 被 Ctrl-C 中断 |

结果写到标准输出或 `-o` 指定的文件，说明写到标准错误；`-` 代表标准输入或标准输出。
""",
    "en": """# Command line

This page is made of every command's `--help`, so it says what the program says. Chinese is the default language;
`--lang en` or `KG_LANG=en` gives English.

| exit status | meaning |
|---|---|
| 0 | done |
| 1 | findings of the asked severity (`kg lint`), or a graph that does not conform (`kg validate`) |
| 2 | bad input or usage; the message is on standard error |
| 130 | interrupted by Ctrl-C |

Results go to standard output or to the file of `-o`, talk goes to standard error; `-` is standard input or output.
""",
}


def page(lang: str) -> str:
    """The page in one language: the group first, then every command in the order of use."""
    use_language(lang)
    try:
        root = click.Context(cli, info_name="kg", terminal_width=WIDTH)
        parts = [_HEAD[lang], _block(cli.get_help(root))]
        for name in cli.list_commands(root):
            command = cli.commands[name]
            context = click.Context(command, info_name=name, parent=root, terminal_width=WIDTH)
            parts += [f"## kg {name}\n\n{say(f'cli.{command.name}.short')}\n", _block(command.get_help(context))]
        return "\n".join(parts)
    finally:
        use_language(None)


def _block(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return f"```text\n{lines}\n```\n"
