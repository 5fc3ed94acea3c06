"""Everything that can go wrong for a user. Messages come from the catalogue (``error.<class>``), filled with the fields."""

from __future__ import annotations

from kg.messages import say
from kg.messages.foreign import spoken


class KgError(Exception):
    """Base of all errors of govresp; ``str()`` gives the message in the language in use."""

    code = "kg"

    def __init__(self, *fields: object) -> None:
        super().__init__(*fields)

    def __str__(self) -> str:
        # What another program said is among the fields, and spoken only now: the language may be another than where it was met.
        fields = (spoken(str(field)) if isinstance(field, str | Exception) else field for field in self.args)
        return say(f"error.{self.code}", *fields)


class ResourceError(KgError):
    """A file that ships with the program is missing. Fields: name."""

    code = "resource"


class SourceMissingError(KgError):
    """A path that was asked for does not exist. Fields: path."""

    code = "source-missing"


class SourceMissingNearError(SourceMissingError):
    """A path that does not exist, where another of nearly its name does. Fields: path, the other."""

    code = "source-missing-near"


class SourceLockError(KgError):
    """The file that an office program leaves beside a document that is open. Fields: path."""

    code = "source-lock"


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


class OutputAsSourceError(KgError):
    """The output of a build where files to read are wanted. Fields: path."""

    code = "output-as-source"


class SourceAddressError(KgError):
    """The address of a web page where files to read are wanted. Fields: the address."""

    code = "source-address"


class TableError(KgError):
    """A register, lexicon, decisions or corrections file that does not fit. Fields: path, what is wrong."""

    code = "table"


class TableEncodingError(TableError):
    """A table that is not UTF-8. Fields: path."""

    code = "table-encoding"


class DecisionsError(TableError):
    """Decisions that do not fit. Fields: the files, how many faults, the faults, one a line."""

    code = "decisions"


class SidesApartError(KgError):
    """A picture of a difference between different places. Fields: the sides."""

    code = "sides-apart"


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


class IssuerUnknownError(KgError):
    """An issuer whose place is not known. Fields: the issuer."""

    code = "issuer-unknown"


class NameNotPrintedError(KgError):
    """A name that stands in none of the notices. Fields: name."""

    code = "name-not-printed"


class GraphError(KgError):
    """A path that is no graph. Fields: path."""

    code = "graph"


class GraphWithoutNoticesError(KgError):
    """A graph that holds no notice of govresp. Fields: path or address."""

    code = "graph-without-notices"


class GraphForeignError(KgError):
    """A graph with notices in which something does not fit. Fields: path or address, what."""

    code = "graph-foreign"


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


NOTHING_NEAR = "–"
"""What stands for the nearest names where there are none."""


class NearMissError(KgError):
    """A name that is not there; the second field holds the nearest names, and where there are none the message says so otherwise."""

    code = "near-miss"

    def __str__(self) -> str:
        return say(f"error.{self.code}{'-none' if self.args[1] == NOTHING_NEAR else ''}", *self.args)


class QuestionError(NearMissError):
    """A canned question that does not exist. Fields: name, nearest names."""

    code = "question"


class ParameterError(KgError):
    """A parameter of a question that does not fit. Fields: question, parameter, what else is of use."""

    code = "parameter"


class ParameterUnknownError(ParameterError):
    """A parameter that a question does not have. Fields: question, name, the parameters it has, the nearest first."""

    code = "parameter-unknown"


class ParameterMissingError(ParameterError):
    """A parameter that must be given. Fields: question, name, what it wants."""

    code = "parameter-missing"


class ParameterValueError(ParameterError):
    """A value that is not of its kind. Fields: question, name, value, what it wants."""

    code = "parameter-value"


class ParameterFormError(ParameterError):
    """A parameter that is not written as name and value. Fields: what is written."""

    code = "parameter-form"


class ParameterTwiceError(ParameterError):
    """A parameter that is given twice. Fields: question, name."""

    code = "parameter-twice"


class VariableMissingError(ParameterError):
    """A value for a variable that a query of one's own does not have. Fields: name, the variables it has."""

    code = "variable-missing"


class QuestionFileError(KgError):
    """The name of a file where a question is due. Fields: path."""

    code = "question-file"


class QuestionAndFileError(KgError):
    """A question and a file with another. Fields: question, path."""

    code = "question-and-file"


class TriplesFormError(KgError):
    """Triples in a format of rows. Fields: format."""

    code = "triples-form"


class LineNotFoundError(NearMissError):
    """A line of work in which no unit of the graph works. Fields: name, nearest names."""

    code = "line-not-found"


class UnitNotFoundError(NearMissError):
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


class SideEmptyError(KgError):
    """One side of a comparison holds no task. Fields: path."""

    code = "side-empty"


class SidesEqualError(KgError):
    """Both sides of a comparison are the same path. Fields: path."""

    code = "sides-equal"
