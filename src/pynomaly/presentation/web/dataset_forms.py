"""What the pages of datasets do, as code."""

from collections.abc import Sequence
from functools import partial

from starlette.requests import Request

from pynomaly.domain.dataset import Dataset
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.texts import _


def forms_of_list(request: Request) -> Sequence[CodeForm]:
    """Return listing and bringing datasets."""
    make = partial(code_form, request)
    return [
        make(_("List datasets"), ApiCall("GET", "/datasets"), ["dataset", "list"], "workspace.queries.datasets()"),
        make(
            _("Keep a file as a dataset"),
            ApiCall("POST", "/datasets?name=orders", file="orders.csv"),
            ["dataset", "load", "orders.csv", "--name", "orders"],
            'workspace.register_dataset(source="orders.csv", name="orders", source_name="orders.csv")',
        ),
    ]


def forms_of_dataset(request: Request, dataset: Dataset) -> Sequence[CodeForm]:
    """Return what can be done with one dataset."""
    make, one = partial(code_form, request), dataset.id
    return [
        make(
            _("Look for its anomalies"),
            ApiCall("POST", f"/datasets/{one}/look", {}),
            ["dataset", "look", one],
            f'workspace.look_at_dataset(dataset="{one}")',
        ),
        make(
            _("See what its columns hold"),
            ApiCall("GET", f"/datasets/{one}/profile"),
            ["dataset", "profile", one],
            f'workspace.queries.dataset_rows("{one}")',
        ),
        make(
            _("See what came of it"),
            ApiCall("GET", f"/datasets/{one}/uses"),
            ["dataset", "show", one],
            f'workspace.queries.dataset_uses("{one}")',
        ),
        make(
            _("Delete it"),
            ApiCall("DELETE", f"/datasets/{one}"),
            ["dataset", "delete", one],
            f'workspace.remove_dataset(dataset="{one}")',
        ),
    ]
