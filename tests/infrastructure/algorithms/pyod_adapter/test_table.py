import inspect
import subprocess
import sys

import pytest

from pynomaly.domain.errors import ExtraNotInstalled
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.algorithms.pyod_adapter.refused import REFUSED
from pynomaly.infrastructure.algorithms.pyod_adapter.session import load_class
from pynomaly.infrastructure.algorithms.pyod_adapter.table import PYOD_ROWS, PYOD_TABLE
from tests.infrastructure.algorithms.pyod_adapter.examples import EVERY


def test_the_table_holds_every_tabular_detector_that_is_not_refused():
    classes = {row.target.partition(":")[2] for row in PYOD_TABLE.values()}

    expected = (
        "ABOD AE1SVM AutoEncoder CBLOF CD COF COPOD DIF DeepSVDD ECOD GMM HBOS HDBSCAN IForest INNE KDE KNN KPCA LMDD "
        "LOCI LODA LOF LUNAR MAD MCD MO_GAAL OCSVM PCA QMCD RGraph ROD SOD SOS SO_GAAL Sampling VAE"
    )
    assert classes == set(expected.split())


def test_importing_the_table_imports_neither_pyod_nor_what_it_brings():
    code = (
        "import sys; import pynomaly.infrastructure.algorithms.pyod_adapter.table; "
        "print([name for name in ('pyod', 'sklearn', 'scipy', 'numba', 'pandas') if name in sys.modules])"
    )

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("name", EVERY)
def test_every_parameter_and_fixed_argument_is_one_of_the_class(name):
    row = PYOD_TABLE[name]
    accepted = inspect.signature(load_class(row.target).__init__).parameters

    used = {parameter.name for parameter in row.description.parameters} | set(row.arguments)
    assert used | ({"random_state"} if row.is_seeded else set()) <= set(accepted)
    assert row.is_seeded == ("random_state" in accepted)
    assert "contamination" not in used


@pytest.mark.parametrize("name", EVERY)
def test_every_default_lies_in_its_range_and_is_told(name):
    for parameter in PYOD_TABLE[name].description.parameters:
        assert parameter.check(parameter.default) == parameter.default
        assert parameter.description


@pytest.mark.parametrize("name", EVERY)
def test_the_smallest_table_allowed_satisfies_the_defaults(name):
    row = PYOD_TABLE[name]
    defaults = row.description.settings({})

    assert all(row.description.min_rows > (defaults[setting] or 0) for setting in row.more_rows_than)


def test_names_are_unique_and_only_inductive_detectors_are_storable():
    assert len({row.name for row in PYOD_ROWS}) == len(PYOD_ROWS)
    for row in PYOD_ROWS:
        assert row.is_storable == row.is_inductive
        assert bool(row.not_storable_because) != row.is_storable


def test_what_is_refused_is_listed_with_its_reason_and_cannot_be_made():
    catalog = Catalog(plugins=())
    assert {known.name for known in REFUSED} == {
        f"pyod.{name}" for name in ("alad", "anogan", "devnet", "feature_bagging", "lscp", "suod", "xgbod")
    }
    for known, reason in REFUSED.items():
        assert known in catalog.descriptions()
        assert catalog.availability(known.name).hint == reason
        with pytest.raises(ExtraNotInstalled, match=reason[:30]):
            catalog.create(known.name, {})
