"""What somebody wants to find, and which three algorithms to propose for it, each with its reason and cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.training_cost import training_seconds
from pynomaly.domain.algorithm import AlgorithmDescription, ParameterValue
from pynomaly.domain.columns import features_of
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.model_selection import STEADY_TREES
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.words.figures import count


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An algorithm, why it suits an intent, and the parameters that shall differ from their defaults."""

    algorithm: str
    reason: str
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intent:
    """Something to be found.

    then_detect: whether the rows that are learned from are what is to be looked at.  parameters: what shall differ from
    its default in every algorithm that has it.
    """

    word: str
    title: str
    what: str
    suggestions: tuple[Suggestion, ...]
    then_detect: bool = True
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)


FOREST = Suggestion(
    "isolation_forest",
    _("Copes with anomalies among the rows it learns from, and needs no scaling."),
    {"n_trees": STEADY_TREES},
)
ECOD = Suggestion("ecod", _("Adds up how far out each value lies in its own column; reasons are exact."))
PCA = Suggestion("pca", _("Finds rows that break the way the columns usually vary together."))

INTENTS: tuple[Intent, ...] = (
    Intent(
        "table",
        _("Odd rows in one table"),
        _("Learns from a table that may hold anomalies already, and ranks its rows by how unlike the rest they are."),
        (FOREST, ECOD, PCA),
    ),
    Intent(
        "novelty",
        _("New rows that are unlike normal ones"),
        _("Learns from rows that you hold to be normal; rows that come later are held against them."),
        (
            Suggestion("knn", _("Measures how far a new row lies from the nearest normal rows that were kept.")),
            Suggestion("pca", _("Learns from all rows, as none has to be left out as strange.")),
            FOREST,
        ),
        then_detect=False,
        parameters={"core_share": 1.0},  # none has to be left out as strange
    ),
    Intent(
        "columns",
        _("Extreme values, one column at a time"),
        _("Looks at each column by itself: a row is strange where its values are rare or far out."),
        (
            ECOD,
            Suggestion("hbos", _("Rare values count wherever they lie, also in the middle of a column.")),
            Suggestion("pyod.mad", _("Robust deviations from the median, for a table of a single column.")),
        ),
    ),
    Intent(
        "peers",
        _("Rows unlike others of their kind"),
        _("Compares each row with the rows most similar to it, so that what is usual elsewhere can be odd here."),
        (
            Suggestion("knn", _("Measures how far away the most similar rows are.")),
            Suggestion("lof", _("Compares how crowded it is around a row and around its neighbours.")),
            Suggestion("cblof", _("Distance to the nearest large group of similar rows.")),
        ),
    ),
)
"""THE TABLE of intents: those that detectors here can serve."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An algorithm for a dataset. seconds: of training, None where not measured.  obstacle: why it cannot be taken."""

    description: AlgorithmDescription
    reason: str
    parameters: Mapping[str, ParameterValue]
    seconds: float | None
    obstacle: str


def intent_of(word: str) -> Intent:
    """Return an intent by its word, the first for a word that is none."""
    return next((intent for intent in INTENTS if intent.word == word), INTENTS[0])


def proposals(catalog: AlgorithmCatalog, intent: Intent, dataset: Dataset) -> Sequence[Proposal]:
    """Return the three algorithms that are proposed."""
    return [_proposal(catalog, intent, one, catalog.describe(one.algorithm), dataset) for one in intent.suggestions]


def all_algorithms(catalog: AlgorithmCatalog, intent: Intent, dataset: Dataset) -> Sequence[Proposal]:
    """Return every algorithm that a detector can be made of, or could if something else were so."""
    found = catalog.descriptions()
    return [_proposal(catalog, intent, Suggestion(one.name, one.summary), one, dataset) for one in found]


def _proposal(
    catalog: AlgorithmCatalog, intent: Intent, one: Suggestion, description: AlgorithmDescription, dataset: Dataset
) -> Proposal:
    has = {parameter.name for parameter in description.parameters}
    parameters = {name: value for name, value in intent.parameters.items() if name in has} | dict(one.parameters)
    n_columns = len(features_of(dataset.columns))
    seconds = training_seconds(catalog, description.name, parameters, n_rows=dataset.n_rows, n_features=n_columns)
    obstacle = obstacle_to(catalog, description, dataset.n_rows, n_columns)
    return Proposal(description, one.reason, parameters, seconds, obstacle)


def obstacle_to(catalog: AlgorithmCatalog, one: AlgorithmDescription, n_rows: int, n_columns: int) -> str:
    """Say why a detector of this algorithm cannot be made and trained on so many cells; empty if it can."""
    availability = catalog.availability(one.name)
    if not availability.is_available:
        return availability.hint
    if not one.is_storable:
        return _("It cannot be kept as a detector: %(why)s.") % {"why": one.not_storable_because}
    if one.max_rows is not None and n_rows > one.max_rows:
        return _("It takes at most %(most)s rows.") % {"most": count(one.max_rows)}
    if n_rows < one.min_rows:
        return _("It needs at least %(least)s rows.") % {"least": count(one.min_rows)}
    if one.max_features is not None and n_columns > one.max_features:
        return _("It takes at most %(most)s columns to learn from.") % {"most": count(one.max_features)}
    return ""
