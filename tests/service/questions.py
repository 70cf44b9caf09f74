"""A sensible request to each operation of the API, about the things of one workspace."""

import itertools
from collections.abc import Mapping
from typing import Any

from tests.fakes.sources import PASSWORD as PASSWORD_OF_SHOP
from tests.fakes.sources import SHOP
from tests.service.furnished import PASSWORD, Furnished, as_arrow, as_csv, rows

_NUMBERS = itertools.count()
OCTETS = "application/octet-stream"
ARROW = "application/vnd.apache.arrow.stream"


def questions(asker: Furnished, subject: Furnished | None = None) -> dict[str, dict[str, Any]]:
    """Return what to send along with each operation that wants something; the arguments of a client's `request`.

    subject: whose things it is about, the asker's own if not given.
    """
    about = subject or asker
    used = {"detector_id": about.things.detector, "dataset_id": about.things.dataset}
    return {
        "sign_in": {"json": {"email": "nobody@example.org", "password": PASSWORD}},
        "renew_session": {"json": {"refresh_token": "pynr_none"}},
        "detect": {"json": used},
        "upload_dataset": {
            "params": {"name": f"{asker.word} upload {next(_NUMBERS)}", "label": "odd", "identifier": "order"},
            "content": as_csv(rows(next(_NUMBERS), n_rows=60)),
            "headers": {"Content-Type": OCTETS},
        },
        "change_dataset": {"json": {"roles": {f"{about.word}_speed": "ignored"}}},
        "look_at_dataset": {"json": {"name": f"{asker.word} look {next(_NUMBERS)}", "parameters": {"n_trees": 10}}},
        "create_detector": {"json": {"name": f"{asker.word} made {next(_NUMBERS)}", "parameters": {"n_trees": 10}}},
        "change_detector": {"json": {"name": f"{asker.word} renamed {next(_NUMBERS)}"}},
        "train_detector": {"json": {"dataset_id": about.things.dataset, "seed": 3}},
        "promote_version": {"json": {"version": 1}},
        "run_detection": {"json": {**used, "policy": {"kind": "alarm_budget", "rows": 5}}},
        "list_detections": {"params": {"detector": about.things.detector}},
        "decide_detection": {"json": {"policy": {"kind": "expected_contamination", "rate": 0.02}}},
        "evaluate_detection": {"json": {"label": f"{about.word}_odd"}},
        "give_verdict": {"json": {"answer": "false_alarm", "note": f"{asker.word} looked"}},
        "give_verdicts": {"json": {"rows": [7, 99], "answer": "confirmed"}},
        "take_back_verdicts": {"json": {"rows": [7]}},
        "trace_curves": {"json": {"label": f"{about.word}_odd"}},
        "find_mistakes": {"json": {"label": f"{about.word}_odd", "policy": {"kind": "alarm_budget", "rows": 5}}},
        "compare_detections": {"json": {"other_id": about.things.detection, "label": f"{about.word}_odd"}},
        "preview_decision": {"params": {"budget": 5, "limit": 3}},
        "score_rows": {"json": scores_of(about)},
        "create_schedule": {
            "json": {"name": f"{asker.word} plan {next(_NUMBERS)}", "cron": "0 6 * * 1-5", "kind": "train", **used}
        },
        "create_source": {
            "json": {
                "name": f"{asker.word} store {next(_NUMBERS)}",
                "kind": "postgresql",
                "settings": SHOP,
                "secrets": {"password": PASSWORD_OF_SHOP},
            }
        },
        "change_source": {"json": {"name": f"{asker.word} shop {next(_NUMBERS)}"}},
        "pull_dataset": {"json": {"selection": {"table": "entries"}}},
        "change_schedule": {"json": {"is_enabled": False}},
        "create_channel": {
            "json": {
                "name": f"{asker.word} bell {next(_NUMBERS)}",
                "kind": "hook",
                "settings": {"level": "loud"},
                "secrets": {"url": "https://example.org/hook/of-questions"},
            }
        },
        "change_channel": {"json": {"settings": {"level": "loud", "port": 8080}}},
        "create_rule": {
            "json": {
                "name": f"{asker.word} rule {next(_NUMBERS)}",
                "occasion": "anomalies_found",
                "channel_ids": [about.things.channel],
                "least_severity": 75,
                "detector_id": about.things.detector,
            }
        },
        "change_rule": {"json": {"least_anomalies": 3}},
        "list_deliveries": {"params": {"channel": about.things.channel}},
        "change_password": {"json": {"old_password": PASSWORD, "new_password": "another staple of horses"}},
        "create_user": {"json": {**_newcomer(asker), "password": "a sentence to remember"}},
        "change_user": {"json": {"name": f"{asker.word} renamed"}},
        "create_api_key": {"json": {"name": f"{asker.word} made key", "permissions": ["read"]}},
    }


def scores_of(things: Furnished, n_rows: int = 3) -> Mapping[str, Any]:
    """Return a body that has some rows scored."""
    table = rows(prefix=f"{things.word}_", n_rows=n_rows).drop_columns([f"{things.word}_odd"])
    cells = [list(row.values()) for row in table.to_pylist()]
    return {"detector": things.things.detector, "columns": table.column_names, "rows": cells}


def arrow_of(things: Furnished, n_rows: int = 3) -> bytes:
    """Return rows to be scored as an Arrow stream."""
    return as_arrow(rows(prefix=f"{things.word}_", n_rows=n_rows).drop_columns([f"{things.word}_odd"]))


def _newcomer(asker: Furnished) -> dict[str, str]:
    number = next(_NUMBERS)
    return {"email": f"{asker.word}.{number}@example.org", "name": f"{asker.word} newcomer {number}", "role": "viewer"}
