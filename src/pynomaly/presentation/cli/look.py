"""One look at a table as it was asked for: who answers, and what is written where."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pynomaly.domain.model_selection import AUTOMATIC
from pynomaly.presentation.cli.progress import ProgressForm, progress_shown
from pynomaly.presentation.cli.session import Session
from pynomaly.presentation.cli.streams import tell, write_result
from pynomaly.presentation.cli.typed_choices import fields_from
from pynomaly.presentation.cli.views.dataset_view import write_columns
from pynomaly.presentation.cli.views.formats import Format
from pynomaly.presentation.cli.views.report import Report, report_of_one_look, report_of_stored_look
from pynomaly.presentation.words.cell_text import quoted, shown
from pynomaly.presentation.words.figures import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pynomaly.application.ports.opened_source import Wanted
    from pynomaly.application.ports.progress import Progress
    from pynomaly.application.ports.stores import ScoredRows
    from pynomaly.application.ports.tables import Table
    from pynomaly.domain.algorithm import ParameterValue
    from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
    from pynomaly.domain.decision import DecisionPolicy


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows are: a path (`-` is standard input), the name of a stored dataset or of a source, one of them.

    select: what to read of a source, as NAME=VALUE.
    """

    path: str | None
    dataset: str | None = None
    outside: str | None = None
    select: tuple[str, ...] = ()

    def wanted(self, session: Session, roles: "Mapping[str, ColumnRole]") -> "Wanted | None":
        """Return what is to be read of the source, None where there is none. Raises what opening it raises."""
        from pynomaly.application.ports.opened_source import Wanted

        if self.outside is None:
            return None
        opened = session.workspace.open_source(source=self.outside)
        fields = session.program.sources.kind(opened.kind).selection
        return Wanted(opened, fields_from(self.select, fields, "--select"), roles)

    @property
    def lasting_name(self) -> str:
        """A name that still leads to the rows when read from another folder."""
        if self.path is None:
            return self.dataset or ""
        return self.path if self.path == "-" else str(Path(self.path).resolve())


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the rows, whoever answers."""

    policy: "DecisionPolicy"
    roles: "Mapping[str, ColumnRole]"
    label: str | None
    n_strangest: int
    with_reasons: bool


@dataclass(frozen=True, slots=True)
class Learning:
    """How to learn when no stored detector answers."""

    algorithm: str
    parameters: "Mapping[str, ParameterValue]"
    kinds: "Mapping[str, ColumnKind]"
    train: str | None
    seed: int

    @property
    def is_default(self) -> bool:
        """Whether nothing was said about it."""
        is_taught = bool(self.parameters or self.kinds or self.seed) or self.train is not None
        return self.algorithm == AUTOMATIC and not is_taught


@dataclass(frozen=True, slots=True)
class Look:
    """A whole look. detector_name: the stored detector that answers, None to learn from the rows themselves."""

    source: Source
    question: Question
    learning: Learning
    detector_name: str | None = None

    def take(self, session: Session, output: Path | None, progress: ProgressForm) -> Report:
        """Look at the rows and write the full result, if wanted, before anything is shown."""
        with progress_shown(progress) as listener:
            if self.detector_name is None:
                report, rows = self._learn(session, listener)
            else:
                report, rows = self._ask(session, self.detector_name, listener)
            if output is not None:
                listener("writing", 0.0)
                session.program.result_files.write(rows, output)
        return report

    def plan(self, session: Session, form: Format) -> None:
        """Show how the rows would be read and who would answer; nothing is learned, stored or written."""
        by = self.learning.algorithm
        if self.detector_name is not None:
            detector, _ = session.workspace.queries.detector(self.detector_name)
            by = f"detector {detector.name}, version {detector.version().number}"
        elif by != AUTOMATIC:
            session.program.catalog.describe(by).settings(self.learning.parameters)
        wanted = self.source.wanted(session, self.question.roles)
        if wanted is not None:
            write_result(f"Would read {shown(wanted.origin)} and look at it with {shown(by)}.")
            return
        if self.source.dataset is None:
            table = session.program.reader.read(self.source.path)
        else:
            table = session.workspace.queries.dataset_rows(self.source.dataset)
        _write_plan(table.describe(roles=self.question.roles, kinds=self.learning.kinds), by, form)

    def _learn(self, session: Session, progress: "Progress") -> "tuple[Report, ScoredRows]":
        look = session.program.find_anomalies(
            source=self.source.path,
            train=self.learning.train,
            algorithm=self.learning.algorithm,
            parameters=self.learning.parameters,
            policy=self.question.policy,
            roles=self.question.roles,
            kinds=self.learning.kinds,
            label=self.question.label,
            n_strangest=self.question.n_strangest,
            with_reasons=self.question.with_reasons,
            seed=self.learning.seed,
            progress=progress,
        )
        return report_of_one_look(look, str(self.source.path)), look.findings.rows

    def _ask(self, session: Session, detector_name: str, progress: "Progress") -> "tuple[Report, ScoredRows]":
        look = session.workspace.detect_anomalies(
            detector=detector_name,
            source=self.source.path,
            source_name=self.source.lasting_name,
            dataset=self.source.dataset,
            wanted=self.source.wanted(session, self.question.roles),
            policy=self.question.policy,
            roles=self.question.roles,
            label=self.question.label,
            n_strangest=self.question.n_strangest,
            with_reasons=self.question.with_reasons,
            progress=progress,
        )
        return report_of_stored_look(look), look.findings.rows


def look_by_default(detector_name: str, dataset: str) -> Look:
    """Return the look of a detector at a stored dataset that leaves every choice to the defaults, as a job takes it."""
    from pynomaly.application.choices import policy_for
    from pynomaly.application.written_jobs import DEFAULT_STRANGEST

    question = Question(policy_for(), {}, None, DEFAULT_STRANGEST, with_reasons=True)
    return Look(Source(None, dataset), question, Learning(AUTOMATIC, {}, {}, None, seed=0), detector_name)


def _write_plan(table: "Table", by: str, form: Format) -> None:
    """Write how many rows would be looked at by what, and what each column would be used for."""
    if form is Format.TABLE:
        write_result(f"Would look at {count(table.n_rows)} rows with {shown(by)}{_learned(table.columns)}.\n\n")
    write_columns(table.columns, form)
    for note in table.notes:
        tell(f"note: {note}")


def _learned(columns: "Sequence[Column]") -> str:
    names = [quoted(column.name) for column in columns if column.is_feature]
    if not names:
        return ", but no column can be learned from"
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f", learning from {', '.join(names[:5])}{more}"
