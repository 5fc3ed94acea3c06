"""Answers of queries and of the validator, for people and programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.messages import language, say

if TYPE_CHECKING:
    from kg.graph.queries import Answer
    from kg.graph.shacl import Result
