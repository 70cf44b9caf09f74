"""A notification rule as the sentence that people read, and when it would have fired."""

from collections.abc import Mapping

from pynomaly.domain.notification_rule import NotificationRule, Occasion
from pynomaly.domain.severity import SeverityBand, band_of
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.words.figures import count, short_figure

BANDS = {
    SeverityBand.LOW: _("low"),
    SeverityBand.MEDIUM: _("medium"),
    SeverityBand.HIGH: _("high"),
    SeverityBand.CRITICAL: _("critical"),
}


def rule_in_words(rule: NotificationRule, channels: Mapping[str, str], detectors: Mapping[str, str]) -> str:
    """Return a rule as a sentence. channels, detectors: names by id; whatever lacks one was deleted."""
    whom = _listed([channels.get(one, _("a channel that is gone")) for one in rule.channel_ids])
    if rule.occasion is Occasion.JOB_FAILED:
        return _("When a job fails, tell {whom}.").format(whom=whom)
    severity = f"{short_figure(rule.least_severity)} ({BANDS[band_of(rule.least_severity)]})"
    n_least = count(rule.least_anomalies)
    return _findings(rule).format(by=_by(rule, detectors), n=n_least, severity=severity, whom=whom)


def _findings(rule: NotificationRule) -> str:
    if rule.least_anomalies == 1 and rule.least_severity:
        return _("When a detection {by} finds an anomaly of severity {severity} or more, tell {whom}.")
    if rule.least_anomalies == 1:
        return _("When a detection {by} finds an anomaly, tell {whom}.")
    if rule.least_severity:
        return _(
            "When a detection {by} finds at least {n} anomalies, "
            "one of them of severity {severity} or more, tell {whom}."
        )
    return _("When a detection {by} finds at least {n} anomalies, tell {whom}.")


def _by(rule: NotificationRule, detectors: Mapping[str, str]) -> str:
    if rule.detector_id is None:
        return _("by any detector")
    return _("by {name}").format(name=detectors.get(rule.detector_id, _("a detector that is gone")))


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("{those} and {last}").format(those=", ".join(names[:-1]), last=names[-1])
