"""The sample table: real measurements that scikit-learn ships, as a CSV file like anybody's."""

import csv
from pathlib import Path, PurePath

from pynomaly.domain.errors import UnreadableFile

N_MALIGNANT = 10
FILE_NAME = "breast_cancer.csv"


def write_sample(folder: PurePath) -> Path:
    """Write the Wisconsin diagnostic breast-cancer table in its outlier-detection form and return its path.

    All 357 benign rows and the first 10 malignant ones, in the order of the source, with a patient number in
    front and the diagnosis behind. Source of the form: Campos et al. (2016), Data Mining and Knowledge
    Discovery 30 ("WDBC"). Raises UnreadableFile if the folder cannot be written.
    """
    from sklearn.datasets import load_breast_cancer

    table = load_breast_cancer()
    is_malignant = table.target == 0
    kept = [row for row in range(len(is_malignant)) if not is_malignant[row] or is_malignant[:row].sum() < N_MALIGNANT]
    path = Path(folder) / FILE_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["patient", *table.feature_names, "malignant"])
            for row in kept:
                cells = [repr(float(cell)) for cell in table.data[row]]
                writer.writerow([f"P{row + 1:03d}", *cells, "yes" if is_malignant[row] else "no"])
    except OSError as error:
        raise UnreadableFile(f"the sample cannot be written to {path.parent}: {error.strerror}") from error
    return path
