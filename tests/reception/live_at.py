"""The live process on the tests' own database, which Django names otherwise than the settings do."""

import os

import django

django.setup()

from django.db import connections  # noqa: E402 (Django is set up first)

connections["default"].settings_dict["NAME"] = os.environ["LUODI_TEST_DATABASE"]

from luodi.web.live import application  # noqa: E402

__all__ = ["application"]
