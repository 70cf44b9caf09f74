"""Every query of the dashboard and the alert rules asks for metrics and labels that there are."""

import json
from collections.abc import Iterator

import promql_parser
import pytest
import yaml

from pynomaly.infrastructure.telemetry.metrics import METRICS
from walkthrough import ROOT

DASHBOARD = json.loads((ROOT / "deploy/grafana/pynomaly.json").read_text(encoding="utf-8"))
RULES = [
    rule
    for group in yaml.safe_load((ROOT / "deploy/prometheus/alerts.yaml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [
    *((f"panel {panel['id']} {panel['title']}", target["expr"]) for panel in PANELS for target in panel["targets"]),
    *((f"alert {rule['alert']}", rule["expr"]) for rule in RULES),
]
BY_SAMPLE = {sample: row for row in METRICS for sample in row.samples}
OF_SCRAPES = {"job", "instance"}
"""Labels that Prometheus adds."""


class UnknownName(Exception):
    """A query asks for what is not there."""


def check(query: str) -> list[str]:
    """Return the metrics of a query. Raises UnknownName, ValueError for what is no query."""
    tree = promql_parser.parse(query.replace("$job", "x"))
    return [name for name, _ in _asked(tree, frozenset())]


def _asked(tree, by: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each metric that is asked for, with the labels that are wanted of it."""
    match tree:
        case promql_parser.VectorSelector():
            labels = by | {one.name for one in tree.matchers.matchers}
            yield str(tree.name), _known(str(tree.name), labels)
        case promql_parser.MatrixSelector():
            yield from _asked(tree.vector_selector, by)
        case promql_parser.AggregateExpr():
            own = frozenset(tree.modifier.labels) if tree.modifier is not None else by
            yield from _asked(tree.expr, own)
        case _:
            for part in _parts(tree):
                yield from _asked(part, by)


def _parts(tree) -> tuple[object, ...]:
    match tree:
        case promql_parser.BinaryExpr():
            return tree.lhs, tree.rhs
        case promql_parser.Call():
            return tuple(tree.args)
        case promql_parser.ParenExpr() | promql_parser.UnaryExpr() | promql_parser.SubqueryExpr():
            return (tree.expr,)
        case promql_parser.NumberLiteral() | promql_parser.StringLiteral():
            return ()
    raise UnknownName(f"nobody knows how to look into {type(tree).__name__}")


def _known(name: str, labels: frozenset[str]) -> frozenset[str]:
    row = BY_SAMPLE.get(name)
    if row is None:
        raise UnknownName(f"there is no metric '{name}'")
    told = {*row.labels, *OF_SCRAPES, *(("le",) if name.endswith("_bucket") else ())}
    if not labels <= told:
        raise UnknownName(f"'{name}' has no label {sorted(labels - told)}")
    return labels


@pytest.mark.parametrize(("place", "query"), QUERIES, ids=[place for place, _ in QUERIES])
def test_a_query_asks_for_what_is_shown(place, query):
    assert check(query)


@pytest.mark.parametrize(
    "query",
    [
        "pynomaly_no_such_metric",
        "sum by (colour) (pynomaly_jobs_waiting)",
        'rate(pynomaly_http_requests_total{path="/"}[5m])',
        "pynomaly_http_request_seconds",
        "1 + pynomaly_http_request_seconds_sum{le='1'}",
    ],
)
def test_a_query_for_what_is_not_there_is_found(query):
    with pytest.raises(UnknownName):
        check(query)


def test_what_is_no_query_is_found():
    with pytest.raises(ValueError, match="unclosed"):
        check("sum(rate(pynomaly_jobs_waiting")


def test_legends_and_summaries_name_labels_that_the_query_keeps():
    for panel in PANELS:
        for target in panel["targets"]:
            names = {part.split("}}")[0] for part in target["legendFormat"].split("{{")[1:]}
            assert all(name in target["expr"] or name in OF_SCRAPES for name in names), panel["title"]


def test_every_metric_of_our_own_is_looked_at_somewhere():
    asked = {BY_SAMPLE[name].name for _, query in QUERIES for name in check(query)}
    assert {row.name for row in METRICS if row.name.startswith("pynomaly_")} <= asked


def test_every_alert_says_how_bad_it_is_and_what_to_do():
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert set(rule["annotations"]) == {"summary", "description"}


def test_panels_have_ids_of_their_own_and_do_not_lie_upon_each_other():
    everything = DASHBOARD["panels"]
    assert len({panel["id"] for panel in everything}) == len(everything)
    taken = [
        (x, y)
        for place in (panel["gridPos"] for panel in everything)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(taken) == len(set(taken))
