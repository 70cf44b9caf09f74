"""What the columns of the sample table are for: its label is called as no other table calls its own."""

from collections.abc import Mapping

from pynomaly.domain.columns import ColumnRole

SAMPLE_ROLES: Mapping[str, ColumnRole] = {"patient": ColumnRole.IDENTIFIER, "malignant": ColumnRole.LABEL}
