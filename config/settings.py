"""Every setting, read once from the environment; all missing names are reported together."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.logs import configuration

BASE_DIR = Path(__file__).resolve().parent.parent
# A value may stand in a file named by NAME_FILE, as orchestrators hand secrets over.
env = environ.FileAwareEnv()

YZ_ENV = env.str("YZ_ENV", default="production")
_local = YZ_ENV in {"local", "test"}
_missing = [name for name in ("YZ_SECRET", "REDIS_URL") if not env.str(name, default="")]
if not (env.str("YZ_DATABASE", default="") or env.str("DATABASE_URL", default="")):
    _missing.append("YZ_DATABASE or DATABASE_URL")
if _missing:
    raise ImproperlyConfigured("missing from the environment: " + ", ".join(_missing))

YZ_SECRET = env.str("YZ_SECRET")
SECRET_KEY = YZ_SECRET
# What the logins' passwords follow from: a secret of its own once they have been rotated (bin/yz rotate_logins).
YZ_LOGIN_SECRET = env.str("YZ_LOGIN_SECRET", default="") or YZ_SECRET
DEBUG = False

# -- hosts --------------------------------------------------------------------------------------------------------
YZ_BASE_HOST = env.str("YZ_BASE_HOST", default="localhost")
YZ_REGION_HOSTS = frozenset(
    env.list("YZ_REGION_HOSTS", default=[YZ_BASE_HOST, "127.0.0.1"] if _local else [YZ_BASE_HOST])
)
YZ_PORT = env.int("YZ_PORT", default=8000)
YZ_SCHEME = env.str("YZ_SCHEME", default="http" if _local else "https")
YZ_LIVE_URL = env.str("YZ_LIVE_URL", default="")
ALLOWED_HOSTS = [f".{YZ_BASE_HOST}", *YZ_REGION_HOSTS]
_port = f":{YZ_PORT}" if YZ_PORT not in {80, 443} else ""
YZ_REGION_URL = f"{YZ_SCHEME}://{YZ_BASE_HOST}{_port}"
YZ_TENANT_URL = f"{YZ_SCHEME}://{{host}}{_port}"
CSRF_TRUSTED_ORIGINS = [] if _local else [f"https://{YZ_BASE_HOST}", f"https://*.{YZ_BASE_HOST}"]

# -- applications -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "kernel",
    "webkit",
    "tenants.database",
    "tenants.divisions",
    "tenants.registry",
    "tenants.provisioning",
    "tenants.upkeep",
    "tenants.journaling",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tenants",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    # one for the region
    "shared_apps.accounts",
    "shared_apps.region_journal",
    "shared_apps.region_idempotency",
    "shared_apps.rulebook",
    "shared_apps.classification",
    "shared_apps.suppliers",
    "shared_apps.products",
    "shared_apps.fees",
    "shared_apps.inbox",
    "shared_apps.messaging",
    "shared_apps.insight",
    "shared_apps.workbench",
    "shared_apps.invoice_numbers",
    "shared_apps.portal",
    "shared_apps.onboarding",
    "shared_apps.fleet",
    "shared_apps.training",
    "shared_apps.region_files",
    "shared_apps.exchange",
    "shared_apps.agencies",
    "shared_apps.listings",
    "shared_apps.scores",
    "shared_apps.sanctions",
    # one for each tenant
    "tenant_apps.access",
    "tenant_apps.policies",
    "tenant_apps.budgets",
    "tenant_apps.budget_system",
    "tenant_apps.commitments",
    "tenant_apps.approvals",
    "tenant_apps.storefront",
    "tenant_apps.supermarket",
    "tenant_apps.orders",
    "tenant_apps.payments",
    "tenant_apps.invoices",
    "tenant_apps.disputes",
    "tenant_apps.evaluations",
    "tenant_apps.contracts",
    "tenant_apps.bargains",
    "tenant_apps.journal",
    "tenant_apps.idempotency",
    "tenant_apps.files",
    "tenant_apps.practice",
    "tenant_apps.takeover",
]
TENANT_APPS = ["tenant_apps"]
SHARED_APPS = ["shared_apps"]
TENANT_MODEL = "registry.Tenant"
TENANT_DOMAIN_MODEL = "registry.Domain"
TENANT_DB_ALIAS = "tenant"
TENANT_SYNC_ROUTER = "tenants.database.router.RoomRouter"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "config.logs.RequestLogMiddleware",
    "config.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "webkit.middleware.SecurityHeadersMiddleware",
    "kernel.inputs.CleanRequestMiddleware",
    "tenants.database.middleware.RoomMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "webkit.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shared_apps.accounts.middleware.ActorMiddleware",
    "shared_apps.accounts.middleware.ThrottleMiddleware",
    "tenant_apps.access.middleware.PostsMiddleware",
    "tenants.registry.middleware.TenantStateMiddleware",
    "shared_apps.fees.middleware.ApiCallsMiddleware",
    "kernel.access.AccessMiddleware",
]

# -- databases: two rooms over one PostgreSQL ---------------------------------------------------------------------
_owner_url = urlsplit(env.str("DATABASE_URL", default=""))
_database_url = urlsplit(env.str("YZ_DATABASE", default="") or env.str("DATABASE_URL"))
YZ_OWNER_ROLE = unquote(_owner_url.username or "yz_owner")
YZ_OWNER_PASSWORD = unquote(_owner_url.password or "")
# The owner goes straight to PostgreSQL even where the others go through a pool, which does not let it in.
YZ_OWNER_SERVER = {
    "host": _owner_url.hostname or "127.0.0.1",
    "port": str(_owner_url.port or 5432),
    "dbname": _owner_url.path.lstrip("/"),
}
# Kept connections a process and room; processes x this must stay below max_connections (platform/ops).
YZ_KEPT_CONNECTIONS = env.int("YZ_KEPT_CONNECTIONS", default=64)
_database = {
    "ENGINE": "tenants.database",
    "HOST": _database_url.hostname or "127.0.0.1",
    "PORT": str(_database_url.port or 5432),
    "NAME": _database_url.path.lstrip("/"),
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
    "DISABLE_SERVER_SIDE_CURSORS": True,
}
DATABASES = {
    "default": {**_database, "USER": "yz_region", "OPTIONS": {"application_name": "yizhang-region"}},
    "tenant": {**_database, "USER": "", "OPTIONS": {"application_name": "yizhang-tenant"}},
}

# -- Valkey -------------------------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.str("YZ_CACHE_PREFIX", default="yz"),
        "KEY_FUNCTION": "tenants.database.cache.room_key",
    }
}

# -- web ----------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "config.urls_region"
TENANT_URLCONF = "config.urls_tenant"
WSGI_APPLICATION = "config.wsgi.application"
# The region signs people in; a mall sends its visitors there and gets them back by hand-off.
YZ_SIGN_IN_URL = "shared_apps.accounts.addresses.sign_in_address"
LOGIN_URL = "/sign-in/"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "webkit.context.shell",
            ],
        },
    }
]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_COOKIE_NAME = "yz_region"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kernel.http.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not _local:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("YZ_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_hosts = " ".join(f"{YZ_SCHEME}://{host}{_port}" for host in (YZ_BASE_HOST, f"*.{YZ_BASE_HOST}"))
YZ_CSP = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; "
    f"connect-src 'self' {YZ_LIVE_URL}; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    f"form-action 'self' {_hosts}"
)
# What people upload: one folder a room, never below a folder that a web server serves.
# File with the pass phrase of dumps; without it they are written in clear only when that is asked for.
YZ_DUMP_KEY_FILE = env.str("YZ_DUMP_KEY_FILE", default="")
YZ_FILES_DIR = Path(env.str("YZ_FILES_DIR", default=str(BASE_DIR / ".local" / "files")))
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("YZ_STATIC_ROOT", default=str(BASE_DIR / ".local" / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _local
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = _local
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# -- language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English")), ("ug", _("Uyghur"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# -- sign-in ------------------------------------------------------------------------------------------------------
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if YZ_ENV == "test":
    # Argon2 is meant to be slow: the tests sign in thousands of times.
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
EMAIL_BACKEND = env.str("YZ_EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
PASSWORD_RESET_TIMEOUT = 3600
EMAIL_TIMEOUT = 10
EMAIL_HOST = env.str("YZ_EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("YZ_EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("YZ_EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.str("YZ_EMAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("YZ_EMAIL_TLS", default=False)
# Who carries messages to people: a class, see shared_apps.messaging.provider. Unset, nothing leaves the house.
YZ_EMAIL_PROVIDER = env.str("YZ_EMAIL_PROVIDER", default="shared_apps.messaging.simulators.SimulatedEmail")
YZ_SMS_PROVIDER = env.str("YZ_SMS_PROVIDER", default="shared_apps.messaging.simulators.SimulatedSms")
# 0: as in shared_apps.accounts.rules. The benchmark writes faster than a person may.
YZ_WRITES_PER_MINUTE = env.int("YZ_WRITES_PER_MINUTE", default=0)
YZ_PROXIES = env.int("YZ_PROXIES", default=0)  # how many proxies of ours stand before the web process
DEFAULT_FROM_EMAIL = env.str("YZ_EMAIL_FROM", default=f"noreply@{YZ_BASE_HOST}")

# -- API ----------------------------------------------------------------------------------------------------------
YZ_IDEMPOTENCY: str | None = "config.idempotency.run"
# Who acts by an API token; empty: no token is accepted anywhere.
YZ_TOKEN_ACTOR = "shared_apps.exchange.tokens.actor_of_token"  # noqa: S105  # a function's name
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["kernel.inputs.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["kernel.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Yizhang",
    "DESCRIPTION": "Government-procurement cloud: region's libraries and one e-mall for every finance level.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    # Names for choice sets whose field names collide; bin/check fails when one of them goes stale.
    "ENUM_NAME_OVERRIDES": {
        "ApplicationStateEnum": [
            (state, state) for state in ("applied", "approved", "provisioning", "provisioned", "refused", "withdrawn")
        ],
        "LocalRuleCodeEnum": [("R-DIRECT", "R-DIRECT"), ("R-COMPARE", "R-COMPARE")],
        "LocalRuleKindEnum": [(kind, kind) for kind in ("*", "goods", "services", "works")],
        "OfferDecisionEnum": [(word, word) for word in ("approve", "reject")],
        "FeePeriodEnum": [
            (name, name)
            for name in ("closing_grace_days", "dispute_working_days", "answer_working_days", "payment_days")
        ],
        "FindingKindEnum": [(kind, kind) for kind in ("price", "attribute", "picture", "other")],
        "CheckItemEnum": [
            (item, item)
            for item in (
                *("staff", "office", "review_room", "changes", "agreement"),
                *("free_choice", "fee", "recording", "files"),
            )
        ],
        "SupplierApplicationKindEnum": [(kind, kind) for kind in ("registration", "change")],
        "SupplierApplicationStateEnum": [
            (state, state)
            for state in (
                *("draft", "submitted", "returned", "vetted"),
                *("approved", "refused", "withdrawn", "lapsed"),
            )
        ],
        "UnitPostEnum": [
            (post, post)
            for post in ("unit_administrator", "buyer_clerk", "buyer_approver", "buyer_acceptor", "buyer_payer")
        ],
    },
}

# -- background ---------------------------------------------------------------------------------------------------
# Tests call tasks themselves; their wake-ups must not wait for a worker that serves people.
CELERY_BROKER_URL = env.str("YZ_BROKER_URL", default="memory://localhost//" if YZ_ENV == "test" else REDIS_URL)
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Asia/Shanghai"

# -- figures ------------------------------------------------------------------------------------------------------
# Who may read /metrics: a scraper with this bearer token; empty: callers on this machine only.
YZ_METRICS_TOKEN = env.str("YZ_METRICS_TOKEN", default="")

# -- logs ---------------------------------------------------------------------------------------------------------
LOGGING = configuration(
    form=env.str("YZ_LOG_FORMAT", default="text" if _local else "json"),
    level=env.str("YZ_LOG_LEVEL", default="WARNING" if YZ_ENV == "test" else "INFO"),
)
SILENCED_SYSTEM_CHECKS: list[str] = []
