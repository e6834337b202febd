"""What the process does first from which the extraction processes are forked: it leaves the crawl's process group.

Ctrl-C and `timeout` signal the whole group. Processes that were just being started answered with tracebacks, and
those that were at a page lost it. Whether they end is for the crawl to say, and for its death (`worker.py`).
Importing this module does it, since imports are all that a fork server does before it serves; nothing else is to
import it.
"""

import os
import signal
from contextlib import suppress

with suppress(PermissionError):  # it leads a group already, so it is in no other
    os.setsid()
for _number in (signal.SIGINT, signal.SIGTERM):  # blocked by who started us, see extraction.py
    # To ignore a signal is to drop the one that came meanwhile.
    _before = signal.signal(_number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {_number})
    signal.signal(_number, _before)
