"""THE LIST of what can be jumped to from anywhere: pages and actions, with the keys that lead there."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynomaly.domain.access import Permission
from pynomaly.presentation.web.texts import _


@dataclass(frozen=True, slots=True)
class Command:
    """A place or an action. words: what it is looked for by besides its title.  keys: typed one after the other."""

    title: str
    address: str
    needs: Permission = Permission.READ
    words: str = ""
    keys: str = ""
    is_action: bool = False

    def fits(self, text: str) -> bool:
        """Whether every word of a text begins a word of the command."""
        known = f"{self.title} {self.words}".lower().split()
        return all(any(one.startswith(part) for one in known) for part in text.lower().split())


COMMANDS: Sequence[Command] = (
    Command(_("Today"), "/", words=_("home start"), keys="g t"),
    Command(_("Drop & detect"), "/drop", words=_("upload file paste sample"), keys="g n"),
    Command(_("Detections"), "/detections", words=_("anomalies findings results"), keys="g d"),
    Command(_("Detectors"), "/detectors", words=_("models"), keys="g o"),
    Command(_("Datasets"), "/datasets", words=_("tables rows"), keys="g s"),
    Command(_("Jobs"), "/jobs", words=_("running queue"), keys="g j"),
    Command(_("Channels"), "/channels", Permission.MANAGE_CHANNELS, _("slack e-mail webhook"), keys="g c"),
    Command(_("Rules"), "/rules", Permission.MANAGE_CHANNELS, _("alarms tell"), keys="g r"),
    Command(_("Deliveries"), "/deliveries", Permission.MANAGE_CHANNELS, _("messages sent")),
    Command(_("Deliveries that did not arrive"), "/deliveries?status=failed", Permission.MANAGE_CHANNELS, _("failed")),
    Command(_("People and roles"), "/admin", Permission.MANAGE_USERS, _("users admin")),
    Command(_("API keys"), "/admin/keys", Permission.MANAGE_KEYS, _("admin tokens")),
    Command(_("Audit log"), "/admin/audit", Permission.READ_AUDIT, _("admin history events")),
    Command(_("System health"), "/admin/health", Permission.MANAGE_USERS, _("admin doctor version")),
    Command(_("Your account"), "/account", words=_("password look theme dark light keys sign out"), keys="g a"),
    Command(_("Help"), "/help", words=_("glossary words keys"), keys="g h"),
    Command(_("API documentation"), "/api/docs", words=_("rest openapi")),
    Command(_("Look at a table"), "/drop", Permission.WRITE_DATASETS, _("new detect find"), is_action=True),
    Command(_("New detector"), "/detectors/new", Permission.WRITE_DETECTORS, _("create train"), is_action=True),
    Command(_("New channel"), "/channels/new", Permission.MANAGE_CHANNELS, _("create make"), is_action=True),
    Command(_("New rule"), "/rules/new", Permission.MANAGE_CHANNELS, _("create make alarm"), is_action=True),
    Command(_("Let somebody in"), "/admin/users/new", Permission.MANAGE_USERS, _("create new user"), is_action=True),
    Command(_("Make an API key"), "/admin/keys/new", Permission.MANAGE_KEYS, _("create new"), is_action=True),
)

KEYS: Sequence[tuple[str, str]] = (
    ("Ctrl K", _("search or jump, also while typing; ⌘ K on a Mac")),
    ("/", _("search or jump")),
    ("?", _("show these keys")),
    ("j", _("next row of a table")),
    ("k", _("row before")),
    ("Enter", _("open the chosen row")),
    ("Escape", _("close what is open")),
)
"""Keys that lead nowhere but do something. Those of commands stand with them."""
