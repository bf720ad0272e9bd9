"""Django's settings, all drawn from one validated Config. A hospital changes the configuration, never this file."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from luodi.web.config import LOOPBACK, Unsafe, load
from luodi.web.databases import database

try:
    LUODI = load(os.environ)
except Unsafe as refused:
    raise ImproperlyConfigured(f"拒绝启动 / refused to start: {refused}") from None

_HERE = Path(__file__).parent
# Names carry readings of their own here; the dictionary of phrases would cost each process 45 MB.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

LUODI_DATA = LUODI.data
LUODI_ROOT_KEY = LUODI.root_key
DEMO = LUODI.mode == "demo"
LIVE_URL = LUODI.live_url

SECRET_KEY = LUODI.secret
DEBUG = False
ALLOWED_HOSTS = list(LUODI.hosts)
if DEMO or LUODI.mode == "test":
    ALLOWED_HOSTS += [*LOOPBACK, "[::1]", "testserver"] if not LUODI.anyone else ["*"]

ROOMS = (
    "paper",
    "trust",
    "patients",
    "terms",
    "advice",
    "chart",
    "reception",
    "stock",
    "orders",
    "controlled",
    "pharmacy",
    "commentary",
    "committee",
    "ward",
    "vigilance",
    "portal",
    "insight",
    "rollout",
    "simulator",
    "web",
)
INSTALLED_APPS = ["django.contrib.staticfiles", "django_htmx", *(f"luodi.{room}" for room in ROOMS)]

MIDDLEWARE = [
    "luodi.web.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "luodi.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "luodi.trust.middleware.SessionMiddleware",
    "luodi.trust.middleware.ReadEvidenceMiddleware",
]
ROOT_URLCONF = "luodi.web.urls"
WSGI_APPLICATION = "luodi.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "luodi.web.context.layout",
            ],
        },
    }
]

DATABASES = {"default": database(LUODI)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "luodi_language"
LOCALE_PATHS = [_HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = LUODI.data / "static"
WHITENOISE_USE_FINDERS = LUODI.mode == "test"
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "luodi.web.assets.Hashed"
        if LUODI.mode != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Uploads and forms beyond these sizes are refused before they are read.
# a megabyte of Chinese is three in a form: it must arrive, to be answered in words with the fields kept
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_194_304
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

_TLS = LUODI.tls == "proxy"
SESSION_COOKIE_SECURE = _TLS
CSRF_COOKIE_SECURE = _TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_NAME = "luodi_csrf"
CSRF_FAILURE_VIEW = "luodi.web.unread.stale"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in LUODI.hosts] if _TLS else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = _TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
if _TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# A log line names the screen and the exception's type; what a person typed or was shown never enters it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "luodi.web.logs.Line"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["out"], "level": "ERROR", "propagate": False},
        "luodi": {"handlers": ["out"], "level": "INFO", "propagate": False},
    },
}
