import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import ExtraNotInstalled, InvalidParameter, UnknownAlgorithm
from pynomaly.infrastructure.algorithms.catalog import OWN_ROWS, ROWS_OF_EXTRAS, Catalog
from pynomaly.infrastructure.algorithms.catalog_row import CatalogRow
from pynomaly.infrastructure.algorithms.hbos import Hbos
from tests.infrastructure.algorithms.plugin_for_tests import Forgetful, NearZero

PLUGIN = EntryPoint("near_zero", "tests.infrastructure.algorithms.plugin_for_tests:NearZero", "pynomaly.algorithms")
BROKEN = EntryPoint("gone", "a_package_that_is_not_there:Detector", "pynomaly.algorithms")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("isolation_forest", "isolation_forest"),
        ("IsolationForest", "isolation_forest"),
        ("isolation-forest", "isolation_forest"),
        ("IForest", "isolation_forest"),
        ("ECOD", "ecod"),
        ("COPOD", "copod"),
        ("EIF", "extended_isolation_forest"),
        ("HBOS", "hbos"),
        ("HalfSpaceTrees", "half_space_trees"),
        ("LODA", "loda"),
        ("MAD", "mad"),
        ("KNN", "knn"),
        ("PCA", "pca"),
        ("OneClassSVM", "ocsvm"),
        ("OCSVM", "ocsvm"),
        ("MCD", "mcd"),
        ("GaussianMixture", "gmm"),
        ("LOF", "lof"),
        ("CBLOF", "cblof"),
        ("DTE-NP", "dte_np"),
        ("INNE", "inne"),
        ("KDE", "kde"),
        ("PyOD.LOF", "pyod.lof"),
    ],
)
def test_names_are_found_as_the_field_writes_them(written, name):
    assert Catalog(plugins=()).describe(written).name == name


def test_an_unknown_name_gets_the_closest_one_and_the_way_to_the_list():
    with pytest.raises(UnknownAlgorithm, match=r"did you mean 'ecod'.*`pynomaly detector algorithms`"):
        Catalog(plugins=()).create("ecodd", {})
    with pytest.raises(UnknownAlgorithm, match=r"no algorithm 'zzz'\. See"):
        Catalog(plugins=()).describe("zzz")


def test_parameters_are_checked_and_defaults_filled_in():
    catalog = Catalog(plugins=())
    assert catalog.create("hbos", {}) == Hbos(n_bins=None)
    assert catalog.create("hbos", {"n_bins": 7}) == Hbos(n_bins=7)
    with pytest.raises(InvalidParameter, match="n_bins must be between 2 and 4096"):
        catalog.create("hbos", {"n_bins": 1})


def test_every_name_and_alias_leads_to_its_own_row():
    catalog = Catalog(plugins=())
    names = [row.name for row in catalog.descriptions()]
    assert len(set(names)) == len(names)
    for row in catalog.descriptions():
        assert catalog.describe(row.name) is row
        assert all(catalog.describe(alias) is row for alias in row.aliases)


def test_our_own_detectors_need_no_extra():
    catalog = Catalog(plugins=())
    for row in OWN_ROWS:
        assert row.description.extra is None
        assert catalog.availability(row.description.name).is_available


def test_our_own_deep_detectors_say_what_they_need_and_what_they_cost():
    for row in ROWS_OF_EXTRAS:
        assert row.description.extra in row.needs
        assert row.cost is not None


def test_a_detector_that_only_learns_with_its_packages_is_restored_without_them():
    row = CatalogRow(
        ROWS_OF_EXTRAS[0].description,
        "tests.infrastructure.algorithms.plugin_for_tests:Forgetful",
        needs=("a_package_that_is_not_there",),
        scores_without_needs=True,
    )
    catalog = Catalog(plugins=())
    catalog._standing_rows[row.description.name] = row
    with pytest.raises(ExtraNotInstalled, match="torch"):
        catalog.create(row.description.name, {})
    assert catalog.restore(row.description.name, ModelState()) == Forgetful()


def test_the_catalogue_imports_no_algorithm_and_no_heavy_package():
    program = """
import sys
from pynomaly.infrastructure.algorithms.catalog import Catalog
catalog = Catalog()
for row in catalog.descriptions():
    catalog.availability(row.name)
heavy = {"sklearn", "scipy", "pyod", "numba", "pandas", "pynomaly.infrastructure.algorithms.pca"}
heavy |= {"torch", "jax", "equinox", "optax"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_another_package_can_bring_a_detector():
    catalog = Catalog(plugins=(PLUGIN,))
    assert catalog.descriptions()[-1] is NearZero.description
    assert catalog.availability("near-zero").is_available
    assert catalog.create("NearZero", {"width": 2.0}) == NearZero(width=2.0)
    with pytest.raises(InvalidParameter):
        catalog.create("near_zero", {"width": -1.0})


def test_another_package_cannot_take_a_name_that_stands():
    impostor = EntryPoint("E_COD", PLUGIN.value, PLUGIN.group)
    catalog = Catalog(plugins=(impostor,))
    assert len(catalog.descriptions()) == len(Catalog(plugins=()).descriptions())
    assert catalog.describe("ecod").title == "ECOD"


def test_a_broken_package_is_listed_with_its_problem_and_harms_nothing_else():
    catalog = Catalog(plugins=(BROKEN, PLUGIN))
    assert catalog.describe("near_zero") is NearZero.description
    availability = catalog.availability("gone")
    assert not availability.is_available
    assert "a_package_that_is_not_there" in availability.hint
    with pytest.raises(ExtraNotInstalled, match="cannot be loaded"):
        catalog.create("gone", {})
