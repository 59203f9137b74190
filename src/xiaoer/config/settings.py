"""Settings, read from the environment once.

Nothing here starts a server or touches a disk beyond the data folder's key: type checkers and tests
import this file. The command line (``cli``) starts PostgreSQL and hands its address down in
``XIAOER_WEB_URL``.
"""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF  # noqa: F401  (NONCE kept for allauth's own pages)
from django.utils.translation import gettext_lazy as _

from xiaoer.config.postgres import data_folder
from xiaoer.config.secrets import secret_key

PACKAGE = Path(__file__).resolve().parent.parent
PROJECT = PACKAGE.parent.parent


def _flag(name: str) -> bool:
    return os.environ.get(name, "") == "1"


def _database(url: str) -> dict[str, object]:
    """A Django database from a libpq address; persistent, because a connection costs 3 ms."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "xiaoer",
        "USER": unquote(parts.username or "xiaoer_web"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


def _unified_sign_in() -> dict[str, dict[str, object]]:
    """One OpenID Connect provider, or none: then the sign-in page shows no link."""
    server = os.environ.get("XIAOER_OIDC_SERVER", "")
    if not server:
        return {}
    app = {
        "provider_id": "unified",
        "name": os.environ.get("XIAOER_OIDC_NAME", "统一身份认证"),
        "client_id": os.environ.get("XIAOER_OIDC_CLIENT", ""),
        "secret": os.environ.get("XIAOER_OIDC_SECRET", ""),
        "settings": {"server_url": server, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


DEBUG = False
DEMO = _flag("XIAOER_DEMO")
# Secure cookies whenever the zone is served beyond this machine (set by ``xiaoer serve``).
BEHIND_HTTPS = _flag("XIAOER_HTTPS")
SECRET_KEY = secret_key()
ALLOWED_HOSTS = [
    h for h in os.environ.get("XIAOER_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h
]
PUBLIC_ADDRESS = os.environ.get("XIAOER_ADDRESS", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS] if BEHIND_HTTPS else []

DATABASES = {"default": _database(os.environ.get("XIAOER_WEB_URL", "postgresql:///xiaoer"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "xiaoer.web",
    "xiaoer.base",
    "xiaoer.registry",
    "xiaoer.work",
    "xiaoer.facts",
    "xiaoer.papers",
    "xiaoer.rules",
    "xiaoer.projects",
    "xiaoer.assets",
    "xiaoer.outreach",
    "xiaoer.growth",
    "xiaoer.permits",
    "xiaoer.reports",
    "xiaoer.demo",
    "xiaoer.config",
]

MIDDLEWARE = [
    "xiaoer.config.errors.NumberMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "xiaoer.config.errors.SizeMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xiaoer.config.sign_in.PrintedPasswordMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "xiaoer.config.urls"
WSGI_APPLICATION = "xiaoer.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [
            PACKAGE / room / "templates"
            for room in (
                "web",
                "base",
                "registry",
                "work",
                "facts",
                "papers",
                "rules",
                "projects",
                "assets",
                "outreach",
                "growth",
                "permits",
                "reports",
                "demo",
                "config",
            )
        ],
        "OPTIONS": {
            "environment": "xiaoer.config.templating.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "xiaoer.config.menu.shell",
            ],
        },
    },
    {
        # Only allauth's own rarely seen pages use Django's engine.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Sign-in -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "base.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "xiaoer.config.sign_in.ClosedAdapter"
SOCIALACCOUNT_ADAPTER = "xiaoer.config.sign_in.UnifiedAdapter"
MFA_ADAPTER = "xiaoer.config.sign_in.TotpAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Counting wrong passwords is the work of axes, by account and address together; a count by address
# alone would shut out an office behind one address at eight in the morning.
# What is left here are codes of the second step: whoever guesses them knows the password already.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/900s/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Locked out by the pair: an office behind one address is not shut out by one forgetful colleague.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "xiaoer.config.sign_in.account_name"
AXES_LOCKOUT_CALLABLE = "xiaoer.config.sign_in.locked_out"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "xiaoer.base.hashing.PrintedPasswordHasher",  # until the owner of a slip has signed in
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# 统一身份认证, when the environment names a provider (docs/howto/oidc.md).
OIDC_CLAIM = os.environ.get("XIAOER_OIDC_CLAIM", "preferred_username")
SOCIALACCOUNT_PROVIDERS = _unified_sign_in()
SOCIALACCOUNT_STORE_TOKENS = False
# By a link: the content policy lets no form of ours be sent on to another server.
SOCIALACCOUNT_LOGIN_ON_GET = True

# Words, times ------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale" if (PACKAGE / "locale").exists() else PROJECT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Pages -------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("XIAOER_STATIC", PACKAGE / "web" / "static"))
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# Whatever says it is larger is refused before it is read; single files have lower limits.
UPLOAD_LIMIT = 64 * 1024 * 1024
CSRF_FAILURE_VIEW = "xiaoer.config.errors.csrf_failed"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_HTTPS
SECURE_HSTS_SECONDS = 31536000 if BEHIND_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    },
}

# Kept outside the database on purpose: a cut tail of the journal is found by these heads.
DATA_FOLDER = data_folder()
JOURNAL_HEADS = DATA_FOLDER / "journal-heads.jsonl"
FILES_FOLDER = DATA_FOLDER / "files"
# Outside the database and not in any backup: who keeps both apart can read neither alone.
FILES_KEY = DATA_FOLDER / "files.key"
CLAMD = os.environ.get("XIAOER_CLAMD", "")

# Papers that leave are signed (docs/howto/signing.md) --------------------------------------------
SIGNING_FILE = Path(os.environ.get("XIAOER_SIGNING_FILE", DATA_FOLDER / "signing.pem"))
TIMESTAMP_URL = os.environ.get("XIAOER_TIMESTAMP_URL", "")
TRUST_FILE = os.environ.get("XIAOER_TRUST_FILE", "")
# The province's platform of electronic licences and seals; without an address nothing goes there.
SEALS_URL = os.environ.get("XIAOER_SEALS_URL", "")
SEALS_APP = os.environ.get("XIAOER_SEALS_APP", "")
SEALS_SECRET = os.environ.get("XIAOER_SEALS_SECRET", "")

# What goes out (docs/operations.md) --------------------------------------------------------------
EMAIL_HOST = os.environ.get("XIAOER_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("XIAOER_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("XIAOER_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("XIAOER_SMTP_PASSWORD", "")
EMAIL_USE_SSL = os.environ.get("XIAOER_SMTP_SECURITY") == "tls"
EMAIL_USE_TLS = os.environ.get("XIAOER_SMTP_SECURITY", "starttls") == "starttls"
DEFAULT_FROM_EMAIL = os.environ.get("XIAOER_SMTP_FROM", "") or f"xiaoer@{EMAIL_HOST}"
MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# Robots inside the zone's own network: by plain HTTP only if told so, and only at these places.
HOOKS_BY_HTTP = _flag("XIAOER_HOOKS_HTTP")
HOOKS_ALLOWED = [
    one.strip() for one in os.environ.get("XIAOER_HOOKS_ALLOWED", "").split(",") if one.strip()
]
DELIVERY_TRIES = int(os.environ.get("XIAOER_DELIVERY_TRIES", "8"))

# Jobs --------------------------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = None

SILENCED_SYSTEM_CHECKS = ["axes.W003"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("XIAOER_LOG", "WARNING")},
}
