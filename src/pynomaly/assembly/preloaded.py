"""What most jobs need, imported once before their processes are forked: a job then starts in milliseconds."""

import numpy
import pyarrow
import sqlalchemy

from pynomaly.infrastructure.algorithms import isolation_forest
from pynomaly.infrastructure.persistence import unit_of_work

MODULES = (numpy, pyarrow, sqlalchemy, isolation_forest, unit_of_work)
