"""The WSGI application that `luodi serve` runs."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luodi.web.settings")

application = get_wsgi_application()
# every screen is loaded before the first person waits for one, and a broken one stops the start
import_module("luodi.web.urls")
