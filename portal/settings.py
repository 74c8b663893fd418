"""Settings of the portal, read from the environment; `.env.example` lists every variable.

With DATABASE_URL unset the portal is a trial: it runs on the embedded PostgreSQL in `var/`, makes its own secret
key there, writes mail to files and works over plain http. With DATABASE_URL set nothing is guessed.
"""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF

from portal.common.secret_key import trial_secret_key

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")

VAR = Path(env("PORTAL_VAR", default=str(BASE_DIR / "var"))).expanduser().resolve()
TRIAL = not env("DATABASE_URL", default="")

DEBUG = env.bool("DEBUG", default=False)
STYLEGUIDE = env.bool("PORTAL_STYLEGUIDE", default=False)  # shows /styleguide/ to those who build pages
SECRET_KEY = trial_secret_key(VAR) if TRIAL else env("SECRET_KEY")
# where people reach the portal: written into files and receipts, which send readers back here years later
PORTAL_URL = (env("PORTAL_URL", default="http://127.0.0.1:8000") if TRIAL else env("PORTAL_URL")).rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if TRIAL else [])
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "portal",
    "initiatives",
    "reporting",
    "allauth",
    "allauth.account",
    "django_htmx",
    "template_partials",
    "js_asset",
    "django_prose_editor",
    "csp",
    "pgtrigger",
    "pghistory",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "rest_framework",
    "drf_spectacular",
    "portal.common.static.PageFilesConfig",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.common.compression.CompressPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.common.caching.NoStoreMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database

DATABASES: dict[str, dict[str, Any]]
if TRIAL:
    DATABASES = {"default": {"ENGINE": "portal.embedded.backend", "NAME": env("PORTAL_DATABASE", default="portal")}}
else:
    DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Background work

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="")
if not CELERY_BROKER_URL:
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT = "portal.queue:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR / "queue"),
        "data_folder_out": str(VAR / "queue"),
        "control_folder": str(VAR / "queue-control"),
        "polling_interval": 0.1,  # seconds; the default of 1 s is ten times too slow for a person who waits
    }
CELERY_TASK_IGNORE_RESULT = True  # the row in the database tells how a job went
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # one slow compilation must not hold another back
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # nobody asks the workers anything
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # a page must not wait for a broker that is away: the beat task sends again
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "wake compilations": {
        "task": "reporting.tasks.wake_compilations_task",
        "schedule": 5.0,
        "options": {"expires": 5.0},  # without workers the queue must not fill up with wake-ups
    },
    "wake imports": {
        "task": "reporting.tasks.wake_imports_task",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "wake mailings": {
        "task": "initiatives.tasks.wake_mailings_task",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "wake workbooks": {
        "task": "reporting.tasks.wake_workbooks_task",
        "schedule": 5.0,
        "options": {"expires": 5.0},
    },
    "review cleared submissions": {
        "task": "reporting.tasks.review_cleared_task",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
    "add up indicators": {
        "task": "initiatives.tasks.add_up_missing_task",
        "schedule": 300.0,
        "options": {"expires": 300.0},
    },
    "remove unused files": {
        "task": "initiatives.tasks.remove_unused_files_task",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
}
PANDOC = env("PANDOC", default="")  # another pandoc than the one of pypandoc-binary
RENDERER_SECONDS = env.float("RENDERER_SECONDS", default=300)  # that one run of a renderer may take
JOB_LEASE = env.int("JOB_LEASE", default=30)  # seconds that a silent worker keeps a job

# People

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an administrator
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""  # the templates end subjects with the name of the portal

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [  # the official languages of the United Nations
    ("ar", "العربية"),
    ("zh-hans", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Zurich"  # due dates end the day in Geneva

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a document of 300 pages proposes thousands of records, each with its tick

# Programs

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",  # of the portal's own pages: asks for their CSRF token
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.authentication.HasScope"],  # `visible_to` decides what is seen
    "DEFAULT_RENDERER_CLASSES": ["portal.common.api.negotiation.JsonAnswer"],
    "DEFAULT_PARSER_CLASSES": ["portal.common.api.bodies.JsonBody"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "portal.common.api.negotiation.AlwaysJson",
    "DEFAULT_THROTTLE_CLASSES": ["portal.common.api.throttles.ReaderThrottle"],
    "DEFAULT_SCHEMA_CLASS": "portal.common.api.schema.PortalSchema",
    "EXCEPTION_HANDLER": "portal.common.api.problems.handle",
    "NUM_PROXIES": int(BEHIND_PROXY),  # else a visitor could write any address into X-Forwarded-For
    "URL_FORMAT_OVERRIDE": None,
    "STRICT_JSON": True,
}
API_RATES = {  # how often each may ask; empty: as often as they like
    "visitor": env("API_RATE_VISITOR", default="300/min"),
    "person": env("API_RATE_PERSON", default="600/min"),
    "token": env("API_RATE_TOKEN", default="600/min"),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "4IR and WSIS reporting portal",
    "DESCRIPTION": "The records of the portal, as its pages show them to the same reader. docs/api.md tells the rest.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [],  # choices stand where they are used: names of their own would change with each new one
}

# What lists keep for a minute each process keeps for itself. Figures hold until a result changes: what one process has
# added up all others read from a table (migration 0031 of initiatives).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "figures": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "initiatives_keptfigures",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},  # an indicator has one for each year, replaced by the next: none goes
    },
}

# Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.common.static.NpmFinder",
]
MEDIA_ROOT = Path(env("PORTAL_FILES", default=str(VAR / "files")))  # with several machines, a folder they all share
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.common.static.ManifestStorage"},
}

# of photographs and documents that show what an initiative does, in megabytes
EVIDENCE_FILE_MEGABYTES = env.int("EVIDENCE_FILE_MEGABYTES", default=20)
EVIDENCE_ENTITY_MEGABYTES = env.int("EVIDENCE_ENTITY_MEGABYTES", default=5120)

# Mail

EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)  # seconds that the mail server may be silent
MAIL_GATHER_SECONDS = env.int("MAIL_GATHER_SECONDS", default=120)  # what happens within them comes in one mail
MAIL_RETRY_SECONDS = env.int("MAIL_RETRY_SECONDS", default=30)  # before the second try; each further pause doubles
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="portal@localhost")
if TRIAL and not env("EMAIL_URL", default=""):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR / "mail"
else:
    vars().update(env.email("EMAIL_URL"))

# Security

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not TRIAL
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not TRIAL)
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked from inside, over plain http
SECURE_HSTS_SECONDS = 0 if TRIAL else env.int("SECURE_HSTS_SECONDS", default=31_536_000)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Logs go to the terminal; the process manager keeps them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    "loggers": {"portal": {"level": "INFO"}, "initiatives": {"level": "INFO"}, "reporting": {"level": "INFO"}},
}
