"""Imported by the forkserver before anything else: it ends when its parents have, not when somebody ends them.

A service manager tells every process of a service to stop; the forkserver must outlast the children that are still
given time to finish, and they learn of it from whoever started them.
"""

import signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
