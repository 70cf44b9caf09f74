"""Opaque names of things; the type checker keeps one kind from being passed for another."""

from typing import NewType

TenantId = NewType("TenantId", str)
UserId = NewType("UserId", str)
JobId = NewType("JobId", str)
ScheduleId = NewType("ScheduleId", str)
ChannelId = NewType("ChannelId", str)
RuleId = NewType("RuleId", str)
DeliveryId = NewType("DeliveryId", str)
SourceId = NewType("SourceId", str)
DatasetId = NewType("DatasetId", str)
DetectorId = NewType("DetectorId", str)
DetectionId = NewType("DetectionId", str)
ModelDigest = NewType("ModelDigest", str)
"""SHA-256 (hex) of a model's manifest; a model file is found by it."""
ScoresDigest = NewType("ScoresDigest", str)
"""SHA-256 (hex) of a score file."""

LOCAL_TENANT = TenantId("local")
"""The workspace of whoever uses this machine without a server."""
