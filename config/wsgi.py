"""The WSGI application. A broken definition stops it as it stops every command."""

import gc
import sys

from django.core.checks import Error, run_checks
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from config.celery import wait_briefly
from config.start import REFUSED, read_settings_or_end

read_settings_or_end()
application = get_wsgi_application()
wait_briefly()
broken = [problem for problem in run_checks(tags=["kpi"]) if isinstance(problem, Error)]
import_string("kpi.operations.loading.load_all")()
gc.collect()
gc.freeze()  # what the start made stays: a collection in the middle of a page cost more than the page
gc.set_threshold(20_000, 20, 50)  # a page makes some 20 000 objects; looking through all a process keeps takes 0.1 s, so it is done rarely
if broken:
    sys.stderr.write("".join(f"Counterweight does not start: {problem}\n" for problem in broken))
    sys.exit(REFUSED)
