"""The words of the pages in the reader's language; `locale/web.pot` is the catalogue that translators begin with.

English stands in the pages themselves. `make texts` gathers it into the catalogue; a translation is
`locale/<language>/LC_MESSAGES/web.mo`.
"""

import gettext
from importlib.resources import files
from pathlib import Path

DOMAIN = "web"
LOCALE = Path(str(files(__package__).joinpath("locale")))
TRANSLATIONS = gettext.translation(DOMAIN, LOCALE, languages=["en"], fallback=True)

_ = TRANSLATIONS.gettext
ngettext = TRANSLATIONS.ngettext
