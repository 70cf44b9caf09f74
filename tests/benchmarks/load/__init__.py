"""`make bench-load`: one API process of ours beside a minimal one of FastAPI, pydantic and scikit-learn."""
