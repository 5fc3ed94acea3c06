"""Everything that can go wrong for a user. Messages come from the catalogue (``error.<class>``), filled with the fields."""

from __future__ import annotations

from kg.messages import say


class KgError(Exception):
    """Base of all errors of govresp; ``str()`` gives the message in the language in use."""

    code = "kg"

    def __init__(self, *fields: object) -> None:
        super().__init__(*fields)

    def __str__(self) -> str:
        return say(f"error.{self.code}", *self.args)


class ResourceError(KgError):
    """A file that ships with the program is missing. Fields: name."""

    code = "resource"


class SourceMissingError(KgError):
    """A path that was asked for does not exist. Fields: path."""

    code = "source-missing"


class SourceUnreadableError(KgError):
    """A file exists and cannot be opened. Fields: path, what the system says."""

    code = "source-unreadable"


class EmptySourceError(KgError):
    """A file holds nothing. Fields: path."""

    code = "source-empty"


class NotTextError(KgError):
    """A file is not text, or in no encoding that is known. Fields: path."""

    code = "not-text"


class FormatError(KgError):
    """A file is of a format that is not read. Fields: path, suffix."""

    code = "format"


class TooLargeError(KgError):
    """A file is larger than what is read. Fields: path, megabytes, limit in megabytes."""

    code = "too-large"


class NotANoticeError(KgError):
    """A text in which no responsibility is printed. Fields: path."""

    code = "not-a-notice"


class NoNoticesError(KgError):
    """A folder without a file that could be a notice. Fields: path."""

    code = "no-notices"


class TableError(KgError):
    """A register, lexicon, decisions or corrections file that does not fit. Fields: path, what is wrong."""

    code = "table"


class TableEncodingError(TableError):
    """A table that is not UTF-8. Fields: path."""

    code = "table-encoding"


class DecisionsError(TableError):
    """Decisions that do not fit. Fields: the files, how many faults, the faults, one a line."""

    code = "decisions"


class ScenarioError(KgError):
    """A scenario that does not fit. Fields: the file, how many faults, the faults, one a line."""

    code = "scenario"


class ChoiceError(KgError):
    """A part of a graph that is not there. Fields: how many faults, the faults, one a line."""

    code = "choice"


class ScenarioMissingError(KgError):
    """A change is to be tried out, and no scenario is given. No fields."""

    code = "scenario-missing"


class NothingToRecogniseError(KgError):
    """Neither notices nor names with an issuer. No fields."""

    code = "nothing-to-recognise"


class NameNotPrintedError(KgError):
    """A name that stands in none of the notices. Fields: name."""

    code = "name-not-printed"


class GraphError(KgError):
    """A path that is no graph. Fields: path."""

    code = "graph"


class StoreVersionError(KgError):
    """An output of an older or newer format. Fields: path, its version, the version that is read."""

    code = "store-version"


class OutputError(KgError):
    """A place that cannot be written to. Fields: path, why."""

    code = "output"


class OutputForeignError(KgError):
    """An output folder that holds other things. Fields: path."""

    code = "output-foreign"


class OutputBusyError(KgError):
    """An output folder that another process is writing. Fields: path."""

    code = "output-busy"


class ShardError(KgError):
    """What was read of a file is gone or damaged before it was used. Fields: path."""

    code = "shard"


class WorkerError(KgError):
    """A file whose reading ends the process that reads it. Fields: path."""

    code = "worker"


class QuestionError(KgError):
    """A canned question that does not exist. Fields: name, nearest names."""

    code = "question"


class ParameterError(KgError):
    """A parameter that a question does not have, or one that is missing. Fields: question, name, the names it has."""

    code = "parameter"


class UnitNotFoundError(KgError):
    """A unit that is not in the graph. Fields: name, nearest names."""

    code = "unit-not-found"


class UnitAmbiguousError(KgError):
    """A name that several units of the graph have. Fields: name, the units as CURIEs with their places."""

    code = "unit-ambiguous"


class QueryError(KgError):
    """A SPARQL text that does not parse or cannot be run. Fields: what the engine says."""

    code = "query"


class ExtraError(KgError):
    """A part that needs an extra which is not installed. Fields: the part, the extra."""

    code = "extra"


class BatchError(KgError):
    """Some files of a batch failed; the good ones were done. Fields: how many, the messages, one a line."""

    code = "batch"


class TaskMissingError(KgError):
    """A task that a notice does not have. Fields: notice, task, how many it has."""

    code = "task-missing"


class NotBuiltError(KgError):
    """A graph file where the output of a build or a notice is needed. Fields: path."""

    code = "not-built"


class SideEmptyError(KgError):
    """One side of a comparison holds no task. Fields: path."""

    code = "side-empty"


class SidesEqualError(KgError):
    """Both sides of a comparison are the same path. Fields: path."""

    code = "sides-equal"
