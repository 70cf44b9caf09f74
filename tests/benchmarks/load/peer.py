"""The peer: what anybody would write in an hour, without authentication. `python peer.py PORT MODEL.npy`."""

import sys

import numpy as np
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sklearn.ensemble import IsolationForest


class Rows(BaseModel):
    rows: list[list[float]]


def main() -> None:
    training = np.load(sys.argv[2])
    model = IsolationForest(n_estimators=100, max_samples=256, random_state=0).fit(training)
    app = FastAPI()

    @app.post("/score")
    def score(body: Rows) -> dict[str, list[float]]:
        return {"scores": (-model.score_samples(np.array(body.rows))).tolist()}

    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")


if __name__ == "__main__":
    main()
