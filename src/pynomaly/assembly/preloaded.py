"""What most jobs need, imported once before their processes are forked: a job then starts in milliseconds."""

import numpy
import pyarrow
import sqlalchemy

from pynomaly.infrastructure.algorithms import isolation_forest
from pynomaly.infrastructure.data.formats import (
    arrow_reader,
    csv_reader,
    excel_reader,
    json_lines_reader,
    parquet_reader,
)
from pynomaly.infrastructure.persistence import unit_of_work

LIBRARIES = (numpy, pyarrow, sqlalchemy)
READERS = (arrow_reader, csv_reader, excel_reader, json_lines_reader, parquet_reader)
MODULES = (*LIBRARIES, *READERS, isolation_forest, unit_of_work)
