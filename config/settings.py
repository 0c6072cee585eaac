"""One settings file; everything that differs between machines comes from the environment through config/env.py."""

import os
from pathlib import Path
from typing import Any

from config import env
from config.logs import FORMATS, LOG_LEVELS

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our matrices are small: a second thread doubled the time of a page

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")

PRODUCTION = env.flag("PRODUCTION", default=False)
DEBUG = env.flag("DEBUG", default=False)
env.refuse_together("DEBUG", "PRODUCTION", both=DEBUG and PRODUCTION, remedy="error pages of DEBUG show data; set DEBUG=false")
SECRET_KEY = env.secret("SECRET_KEY", minimum=50, production=PRODUCTION, fallback=DATA_DIR / "secret_key")
SECRET_KEYS_OLD = env.words("SECRET_KEY_OLD", [])  # end mails that were sent under them, and open nothing
PSEUDONYM_KEY = env.secret("PSEUDONYM_KEY", minimum=32, production=PRODUCTION, fallback=DATA_DIR / "pseudonym_key").encode()
CONNECTION_KEYS = env.keys(
    "CONNECTION_KEY", env.words("CONNECTION_KEY_OLD", []), minimum=32, production=PRODUCTION, fallback=DATA_DIR / "connection_key"
)
env.refuse_together(
    "SECRET_KEY", "PSEUDONYM_KEY", both=PRODUCTION and SECRET_KEY.encode() == PSEUDONYM_KEY, remedy="give each a key of its own"
)
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", production=PRODUCTION)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "auditlog",
    "csp",
    "kpi",
    "wellbeing",
    "staffing",
]

MIDDLEWARE = [
    "kpi.operations.answering.Answering",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "kpi.operations.https.OnlyHttps",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kpi.accounts.idle.Idle",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kpi.accounts.required.SecondFactors",
    "kpi.accounts.first.FirstPasswords",
    "auditlog.middleware.AuditlogMiddleware",
    "axes.middleware.AxesMiddleware",
    "kpi.looks.Looks",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kpi.context.navigation",
                "kpi.context.ready_exports",
            ]
        },
    }
]

DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"} for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
] + [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "kpi.accounts.passwords.NoNamesOfThisPlace"},
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "kpi.operations.address.address_of"
ROLES = ("executive", "manager", "analyst", "steward", "representative", "administrator")
# Who must have a second factor; everybody may. `administrator`: also whoever may open the admin.
SECOND_FACTOR_FOR = env.some("SECOND_FACTOR_FOR", ROLES)
env.refuse_without(
    "SECOND_FACTOR_FOR", "CONNECTION_KEY", missing=bool(SECOND_FACTOR_FOR and not CONNECTION_KEYS), why="it seals the secrets of devices"
)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en"
# German is for those who answer the pulse, and their pages ask for it themselves: nothing else is half translated by a browser's wish.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""  # a browser takes such a cookie from this host alone, over HTTPS
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"  # kpi/preferences.py
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = DATA_DIR / "media"

CSP_NONE, CSP_SELF = "'none'", "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [CSP_SELF],
        "script-src": [CSP_SELF],
        "style-src": [CSP_SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [CSP_SELF, "data:", "blob:"],
        "connect-src": [CSP_SELF],
        "object-src": [CSP_NONE],
        "base-uri": [CSP_NONE],
        "form-action": [CSP_SELF],
        "frame-ancestors": [CSP_NONE],
    }
}

REDIS_URL = env.redis("REDIS_URL")
SHARED_CACHE: dict[str, Any] = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": REDIS_URL,
    "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},  # a frozen Redis must not hang a page
}
CACHES: dict[str, dict[str, Any]] = (
    {"default": SHARED_CACHE} if REDIS_URL else {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
)
if REDIS_URL:
    CACHES["between"] = SHARED_CACHE  # single estimates, beside whole answers (kpi/memory.py)

CELERY_TASK_ALWAYS_EAGER = env.flag("CELERY_EAGER", default=False)
env.refuse_together(
    "CELERY_EAGER", "PRODUCTION", both=CELERY_TASK_ALWAYS_EAGER and PRODUCTION, remedy="start a worker; jobs must not run inside a request"
)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "kpi.api.one_form",
    "DEFAULT_THROTTLE_CLASSES": ["kpi.throttle.PerReader"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Counterweight",
    "DESCRIPTION": "A saving is never shown alone: the panel is the smallest answer this API gives.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "kpi.schema_refusals.everywhere"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# The companion rule and the groups that may be shown (metrics.md 0.4, C2). Shown beside the metrics; raising k is allowed.
WELLBEING_MIN_GROUP = env.number("WELLBEING_MIN_GROUP", 10, low=5, high=100)

# The one currency of this installation: costs are entered in it, and every sum of money says it (metrics.md 0.2). Nothing is converted.
CURRENCY = env.currency("CURRENCY", "EUR")

# Rows about single persons are deleted so many days after their day is final (day 28, metrics.md G4); their totals stay.
LOOKS_KEPT_DAYS = env.number("LOOKS_KEPT_DAYS", 365, low=30, high=3660)
RETENTION_DAYS = env.number("RETENTION_DAYS", 35, low=28, high=366)
# Traces of readers and senders (kpi/traces.py).
MAILS_KEPT_DAYS = env.number("MAILS_KEPT_DAYS", 180, low=30, high=3660)
REJECTED_KEPT_DAYS = env.number("REJECTED_KEPT_DAYS", 63, low=7, high=366)
REQUESTS_KEPT_DAYS = env.number("REQUESTS_KEPT_DAYS", 30, low=2, high=366)
LOGINS_KEPT_DAYS = env.number("LOGINS_KEPT_DAYS", 90, low=1, high=3660)

# A file that is sent, as it is sent; what it may hold once it is unpacked is bounded by kpi/reading/limits.py.
WATCH_FOLDER = env.text("WATCH_FOLDER")  # empty: none is watched
IMPORT_MAX_MB = env.number("IMPORT_MAX_MB", 4_000, low=1, high=100_000)
IMPORT_MB_PER_DAY = env.number("IMPORT_MB_PER_DAY", 50_000, low=1, high=10_000_000)
IMPORT_REQUESTS_PER_HOUR = env.number("IMPORT_REQUESTS_PER_HOUR", 600, low=1, high=1_000_000)
API_REQUESTS_PER_MINUTE = env.number("API_REQUESTS_PER_MINUTE", 300, low=1, high=1_000_000)

# Files of a form wait on the disk of the inbox, not in the memory that /tmp may be; who may send none has none read (kpi/uploads.py).
FILE_UPLOAD_HANDLERS = ["kpi.uploads.Counted", "django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)

# Mails: links begin with SITE_URL, and whoever waits for a digest is told after this hour that the night is not complete.
EMAIL_PASSWORD = env.text("EMAIL_PASSWORD")
_MAIL = env.mail("EMAIL_URL", password=EMAIL_PASSWORD, production=PRODUCTION)
MAILS_ARE_SENT = bool(_MAIL)
globals().update(_MAIL)
EMAIL_FILE_PATH = str(DATA_DIR / "mails")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.sender("MAIL_FROM", sends=MAILS_ARE_SENT, production=PRODUCTION)
SITE_URL = env.site("SITE_URL", hosts=ALLOWED_HOSTS, production=PRODUCTION)
MAIL_BY_HOUR = env.number("MAIL_BY_HOUR", 9, low=0, high=23)
HUMAN_REACH_FLOOR = env.number("HUMAN_REACH_FLOOR", 80, low=0, high=100)  # percent of those who ask for a person (policy)

# PDF and PNG are printed by a browser that is already here; without one the pages say what to install. Files are kept EXPORT_DAYS.
CHROMIUM_PATH = env.text("CHROMIUM_PATH")
CHROMIUM_SANDBOX = env.flag("CHROMIUM_SANDBOX", default=True)
EXPORT_DAYS = env.number("EXPORT_DAYS", 7, low=1, high=90)

# Production: everything over HTTPS. A proxy that ends TLS says so in X-Forwarded-Proto; believe it only where one stands there.
SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", default=PRODUCTION)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("TRUST_PROXY", default=False) else None
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000 if PRODUCTION else 0, low=0, high=63_072_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^api/v1/"]  # kpi/operations/https.py refuses the API
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
SESSION_ENGINE = "kpi.accounts.store"
SESSION_COOKIE_AGE = 60 * 60 * 12  # from the log-in, whatever is done
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", 60, low=5, high=720)  # while nobody does anything
X_FRAME_OPTIONS = "DENY"

# Operations: one log line for each request, and what /metrics is opened with (empty: it is not there).
LOG_REQUESTS = env.flag("LOG_REQUESTS", default=PRODUCTION)
METRICS_TOKEN = env.optional_secret("METRICS_TOKEN", minimum=24)
DISK_MIN_MB = env.number("DISK_MIN_MB", 500, low=1, high=1_000_000)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.KeyedLine"}, "json": {"()": "config.logs.JsonLine"}},
    "filters": {"about": {"()": "kpi.operations.context.About"}},
    "handlers": {
        "out": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("LOG_FORMAT", "json" if PRODUCTION else "line", FORMATS),
            "filters": ["about"],
        }
    },
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {name: {"level": env.choice("LOG_LEVEL", "INFO", LOG_LEVELS)} for name in ("kpi", "wellbeing", "staffing")}
    | {name: {"handlers": [], "propagate": True} for name in ("django", "django.server")}
    | {"kombu.connection": {"level": "ERROR"}},  # it warns of the folder broker's missing host
}
