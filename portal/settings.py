"""Settings of the portal: every switch is an environment variable, each also readable from a file (``NAME_FILE``)."""

import sys
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.embedded.places import ROOT as BASE_DIR
from portal.embedded.places import VAR as VAR_DIR
from portal.embedded.secrets import from_environment

env = environ.Env()
# The embedded portal (development, demo, tests) is the only place where DEBUG-like comfort is on by default.
EMBEDDED = env.bool("PORTAL_EMBEDDED", default=False)
DEBUG = env.bool("DEBUG", default=False)


def setting(name: str, default: str | None = None) -> str:
    """The value of a variable or of the file it names; with neither, one line that says what is missing."""
    value = from_environment(name) or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. Set {name} or {name}_FILE and start again.")
    return value


SECRET_KEY = setting("SECRET_KEY")
EVIDENCE_KEY = setting("EVIDENCE_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")
# The civil day of the demo; None on a real portal, where the day is today in Asia/Shanghai.
PORTAL_TODAY = env.str("PORTAL_TODAY", default="") or None
if PORTAL_TODAY and not EMBEDDED:
    raise ImproperlyConfigured("PORTAL_TODAY fixes the day of the demo; on a real portal the day is today. Unset it.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "guardian",
    "import_export",
    "django_htmx",
    "django_filters",
    "lucide",
    "portal.ui",
    "portal.calendars",
    "allauth",
    "allauth.account",
    "portal.tenancy",
    "portal.accounts",
    "portal.audit",
    "portal.evidence",
    "portal.notifications",
    "portal.obligations",
    "deployments",
    "portal.cases",
    "assessments",
    "filings",
    "portal.imports",
    "portal.clock",
    "portal.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.clock.middleware.ReconcileMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.tenancy.middleware.TenantMiddleware",
    "portal.accounts.middleware.AccessMiddleware",
    "portal.accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "portal.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"


def database(url_name: str) -> dict:
    """One connection; ``conn_health_checks`` makes the first request after a database restart succeed."""
    return environ.Env.db_url_config(setting(url_name)) | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,  # TenantMiddleware opens the one transaction of each request.
    }


DATABASES = {"default": database("DATABASE_URL")}
# The role that owns the tables migrates; the role that serves can neither alter them nor pass row-level security.
DATABASES["owner"] = database("DATABASE_OWNER_URL") if from_environment("DATABASE_OWNER_URL") else DATABASES["default"]
DATABASES["owner"] = DATABASES["owner"] | {"CONN_MAX_AGE": 0}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

REDIS_URL = setting("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "portal.desk.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "TIMEOUT": 600,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=not EMBEDDED)
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
# Without it all people behind the proxy would share one address and its limit of wrong passwords.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not EMBEDDED)
SECURE_HSTS_SECONDS = 0 if EMBEDDED else 31_536_000
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Ten wrong passwords a minute from one address, five in five minutes for one account.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
# Dates of law are civil dates of Asia/Shanghai; moments are stored in UTC and shown in Shanghai.
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if "pytest" in sys.modules
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "no-media"  # evidence is in the vault, never in a media folder
EVIDENCE_ROOT = Path(env.str("EVIDENCE_ROOT", default=str(VAR_DIR / "evidence")))
UPLOAD_ROOT = Path(env.str("UPLOAD_ROOT", default=str(VAR_DIR / "uploads")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

EMAIL_CONFIG = environ.Env.email_url_config(setting("EMAIL_URL", default="smtp://127.0.0.1:25"))
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
# Seconds for which a claim on a delivery holds: longer than a mail can take, so that nobody else sends it too.
# The timeout is that of one answer of the server; a mail takes about ten of them.
DELIVERY_LEASE = env.int("DELIVERY_LEASE", default=10 * EMAIL_TIMEOUT + 60)
# Most letters to a person on one civil day, and from one workspace in one round: the rest waits, with an alarm.
MOST_LETTERS_A_DAY = env.int("MOST_LETTERS_A_DAY", default=10)
MOST_LETTERS_A_ROUND = env.int("MOST_LETTERS_A_ROUND", default=500)
# Seconds that one round may spend on a channel: a server that hangs holds up nothing else.
SECONDS_A_ROUND = {"robots": 45, "webhooks": 45, "mail": 90}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="FR Compliance Portal <portal@portal.example>")
# The folder of the demo's mail catcher; set by `manage.py run` only.
DEMO_MAIL_ROOT = env.str("DEMO_MAIL_ROOT", default="") or None

# The servers on which robots live; a platform installed in one's own network has a name of its own.
ROBOT_HOSTS = {
    "wecom": env.list("WECOM_HOSTS", default=["qyapi.weixin.qq.com"]),
    "dingtalk": env.list("DINGTALK_HOSTS", default=["oapi.dingtalk.com"]),
    "feishu": env.list("FEISHU_HOSTS", default=["open.feishu.cn", "open.larksuite.com"]),
}
# Webhooks may not reach into the portal's own network unless its operator wants just that.
OUTGOING_MAY_BE_PRIVATE = env.bool("OUTGOING_MAY_BE_PRIVATE", default=False)
OUTGOING_CONNECT_SECONDS, OUTGOING_READ_SECONDS = 3, env.float("OUTGOING_READ_SECONDS", default=5)
OUTGOING_TOTAL_SECONDS = 2 * OUTGOING_READ_SECONDS
OUTGOING_MOST_BYTES = 64 * 1024
# The second path of the heartbeat's alarm: another mail server, another provider.
ALARM_EMAIL_URL = setting("ALARM_EMAIL_URL", default="") or None
ALARM_TO = env.list("ALARM_TO", default=[])
ALARM_STATE = Path(env.str("ALARM_STATE", default=str(VAR_DIR / "alarm.json")))

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 840
CELERY_TASK_SOFT_TIME_LIMIT = 780
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# The visibility timeout stays above the task time limit; kombu's default sweep would hide a lost task for an hour.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "max_retries": 1,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
LANGUAGE_NAMES = {"zh-hans": _("Chinese"), "en": _("English")}
