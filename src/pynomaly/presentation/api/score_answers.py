"""Scores as JSON, written straight from the arrays."""

import orjson

from pynomaly.application.use_cases.score_rows import ScoredBatch


def json_answer(batch: ScoredBatch) -> bytes:
    """Return a `ScoresAnswer` as JSON; every number in it is finite."""
    rows = batch.rows
    return orjson.dumps(
        {
            "detector_id": batch.detector_id,
            "version": batch.version,
            "n_rows": rows.scores.size,
            "n_anomalies": int(rows.is_anomaly.sum()),
            "score_threshold": batch.score_threshold,
            "scores": rows.scores,
            "severities": rows.severities,
            "p_values": rows.p_values,
            "probabilities": rows.probabilities,
            "is_anomaly": rows.is_anomaly,
            "notes": batch.notes,
        },
        option=orjson.OPT_SERIALIZE_NUMPY,
    )


def about(batch: ScoredBatch) -> dict[str, str]:
    """Return what an Arrow answer says beside its columns, as its schema's metadata."""
    return {
        "detector_id": batch.detector_id,
        "version": str(batch.version),
        "score_threshold": orjson.dumps(batch.score_threshold).decode(),
        "notes": orjson.dumps(batch.notes).decode(),
    }
