"""THE TABLE: which events are told to which channels, once they are committed.

Every event can be followed as a stream whatever stands here; a channel is told only of what its row names.
"""

from collections.abc import Mapping

from pynomaly.domain import events

LOG = "log"
"""The channel of the server's own log, for whoever watches it."""

ROUTES: Mapping[type[events.Event], tuple[str, ...]] = {
    events.DetectorTrained: (LOG,),
    events.TrainingFailed: (LOG,),
    events.VersionPromoted: (LOG,),
    events.AnomaliesDetected: (LOG,),
    events.JobEnded: (LOG,),
}

CHANNELS_OF: Mapping[str, tuple[str, ...]] = {kind.__name__: channels for kind, channels in ROUTES.items()}
"""The same by the name an event is stored under."""
