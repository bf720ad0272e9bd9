"""The WSGI application that `luodi serve` runs."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luodi.web.settings")

application = get_wsgi_application()
# every screen is loaded before the first person waits for one, and a broken one stops the start
import_module("luodi.web.urls")
# what was loaded stays to the end: searching it for garbage held up a request by 75 ms now and then, now by 9
gc.collect()
gc.freeze()
