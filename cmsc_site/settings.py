"""The settings of the site, read top to bottom.

What differs between places comes from the environment or from a file `.env` beside `manage.py`;
`.env.example` describes every variable. The defaults are safe for production.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

from cmsc_site.browser_policies import PERMISSIONS, admin_policy, public_policy
from cmsc_site.bucket import bucket_storages
from cmsc_site.cdn_settings import CDNS, FORGET_ALL, frontend_caches
from cmsc_site.environment import (
    MAIL_PROVIDERS,
    Environment,
    check_environment,
    read_environment_file,
)

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
# The tests say themselves what they need, whatever a developer keeps in `.env`.
TESTING = "pytest" in sys.modules
if not TESTING:
    read_environment_file(BASE_DIR / ".env")

# --- Where the site is ----------------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY", default="")
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
SAMPLE_CONTENT = env.bool("SAMPLE_CONTENT", default=False)

check_environment(
    secret_key=SECRET_KEY, debug=DEBUG, site_url=SITE_URL, sample_content=SAMPLE_CONTENT
)

_address = urlsplit(SITE_URL)
IS_HTTPS = _address.scheme == "https"
IS_LOCAL = _address.hostname in {"localhost", "127.0.0.1", "::1"}

ALLOWED_HOSTS = [_address.hostname, *env.list("EXTRA_HOSTS", default=[])]
if IS_LOCAL:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Each proxy in front of the site that adds to X-Forwarded-For and sets X-Forwarded-Proto.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", default=IS_HTTPS)
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
CSRF_FAILURE_VIEW = "cmsc_site.errors.csrf_failure"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # for browsers that do not know frame-ancestors; previews say otherwise

# --- What it is made of ---------------------------------------------------------------------

INSTALLED_APPS = [
    "cmsc_site",
    "people",
    "finance",
    "newsletter",
    "teachers",
    "pages",
    "library",
    "accounts",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "post_office",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "health_check",
    "dbbackup",
    "django_guid",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "cmsc_site.page_cache.middleware.PageCacheMiddleware",
    # A policy with each style sheet and font would be half as large as they are.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_guid.middleware.guid_middleware",
    "cmsc_site.request_log.RequestLogMiddleware",
    # Outside of all that may answer early, so that every answer has these headers.
    "cmsc_site.headers.CacheHeadersMiddleware",
    "cmsc_site.headers.ContentPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cmsc_site.errors.PlainErrorMiddleware",
    "pages.staff_gate.staff_gate",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cmsc_site.urls"
WSGI_APPLICATION = "cmsc_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "pages.context_processors.chrome",
            ],
        },
    },
]

# Django's own form templates first look in ours.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- What a machine keeps -------------------------------------------------------------------

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # WAL lets people read while one writes; an IMMEDIATE transaction waits for its turn instead
    # of failing halfway; FULL loses nothing that was acknowledged when the power fails.
    # Kept by each thread: whenever the last one closes, SQLite writes its whole log back.
    _database["CONN_MAX_AGE"] = None
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
            "PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;"
            # What is erased is overwritten, not only forgotten.
            "PRAGMA secure_delete=ON;"
        ),
    }
elif not TESTING:
    _database.setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}

REDIS_URL = env.str("REDIS_URL", default="")


def _cache(name: str, *, most_files: int = 20_000, **options: object) -> dict[str, object]:
    """A cache in Redis; without it in files, so that all processes of one machine see one cache."""
    if REDIS_URL:
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            **options,
        }
    return {
        "BACKEND": "cmsc_site.file_cache.SharedFileCache",
        "LOCATION": VAR_DIR / name,
        "OPTIONS": {"MAX_ENTRIES": most_files},
        **options,
    }


CACHES = {
    "default": _cache("cache", TIMEOUT=3600),
    # In front of the parts of pages that the first one holds for all processes.
    "fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 200},
    },
    "renditions": _cache("cache", KEY_PREFIX="img"),
    # Pages ready to send, so that one process's work is done for all (cmsc_site/page_cache/).
    "pages": _cache("pages", TIMEOUT=86_400, KEY_PREFIX="page", most_files=2_000),
    # Counts of what visitors do, which must not push out what pages are made of.
    "limits": _cache("limits", TIMEOUT=86_400, KEY_PREFIX="limits", most_files=200_000),
}

# What a web process keeps of public pages; 0 makes each page anew.
PAGE_CACHE_BYTES = 0 if TESTING else env.int("PAGE_CACHE_MB", default=32) * 1024 * 1024
# Written when staff change anything; processes on several machines ask Redis instead.
GENERATION_FILE = VAR_DIR / "generation"

MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cmsc_site.static_storage.SiteStaticStorage"},
    # Filings may be for the board alone, so nothing below here has an address of its own.
    "filings": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "filings", "base_url": None},
    },
    # Lists of subscribers that staff bring in; each is deleted once it is read.
    "imports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "imports", "base_url": None},
    },
    "dbbackup": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "backups"},
    },
}
# One year: a collected file's name changes with its content.
WHITENOISE_MAX_AGE = 31_536_000


def _say_of_static_file(headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


WHITENOISE_ADD_HEADERS_FUNCTION = _say_of_static_file
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a page with many StreamField blocks is one large form
FILE_UPLOAD_PERMISSIONS = 0o640

# What a filing's file may be, and what checking one may take.
FILING_MAX_BYTES = env.int("FILING_MAX_MB", default=50) * 1024 * 1024
FILING_MAX_PAGES = env.int("FILING_MAX_PAGES", default=2000)
FILING_CHECK_SECONDS = 10
FILING_CHECK_MEMORY = 512 * 1024 * 1024
# Of the threads of a web process, so many may be busy with the ZIP of a year.
ZIPS_AT_ONCE = max(1, env.int("WEB_THREADS", default=4) // 2)
# Who sends the files instead of the site: a web server by X-Accel-Redirect (deploy/), or object
# storage from an address of its own.
FILE_SERVER = env.one_of("FILE_SERVER", ("caddy", "nginx", "bucket"))

# Object storage instead of this machine's disk, so that all machines have the same files.
STORAGES |= bucket_storages(env, file_server=FILE_SERVER)

# --- A CDN in front -------------------------------------------------------------------------

# Told by Wagtail of a page that is published, and by the worker of any other change (cdn.py).
CDN = env.one_of("CDN", CDNS)
WAGTAILFRONTENDCACHE = frontend_caches(env, CDN)
if CDN:
    INSTALLED_APPS.append("wagtail.contrib.frontend_cache")
# How long a shared cache may keep a public page without asking, in seconds.
_shared_seconds = 3600 if CDN in FORGET_ALL else 60
PAGE_SHARED_CACHE_SECONDS = env.int("PAGE_SHARED_CACHE_SECONDS", default=_shared_seconds)

# --- The newsletter -------------------------------------------------------------------------

# Behind the links in mails and the hashes of suppressed addresses, which must outlive SECRET_KEY.
NEWSLETTER_KEY = env.str("NEWSLETTER_KEY", default="") or SECRET_KEY
# Sign-ups an hour, beyond which they are held for staff; 0 is no limit. A developer's machine is
# its own only visitor.
SIGN_UPS_PER_NETWORK = env.int("SIGN_UPS_PER_NETWORK", default=30)
SIGN_UPS_IN_ALL = env.int("SIGN_UPS_IN_ALL", default=0 if IS_LOCAL else 2000)

# --- Language and time ----------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

# --- People who sign in ---------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_welcome"
ACCOUNT_ADAPTER = "accounts.adapter.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Accounts are made by staff, who know the address; nobody can sign up.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # an address that we do not know gets no mail
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = None
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL
MFA_TOTP_ISSUER = "CMSC"

# --- Wagtail --------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Center for Mindful Self-Compassion"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # nobody's address is told to another host
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_DATE_FORMAT = "%m/%d/%Y"  # as the organisation's staff write dates
WAGTAIL_DATETIME_FORMAT = "%m/%d/%Y %H:%M"
WAGTAIL_USER_TIME_ZONES = ["UTC", *sorted(z for z in available_timezones() if "/" in z)]
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 5
WAGTAILIMAGES_IMAGE_MODEL = "library.UploadedImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "library.forms.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"avif": "jpeg", "webp": "jpeg"}
WAGTAILIMAGES_AVIF_QUALITY = 60
WAGTAILIMAGES_WEBP_QUALITY = 75
WAGTAILIMAGES_JPEG_QUALITY = 78
WAGTAILDOCS_DOCUMENT_MODEL = "library.UploadedDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = [
    "csv", "docx", "ics", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "zip",
]  # fmt: skip
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf"]
WAGTAILDOCS_BLOCK_EMBEDDED_CONTENT = True
WAGTAILEMBEDS_FINDERS = []  # no page asks another host for anything
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "pages.sqlite_search"
        if _database["ENGINE"].endswith("sqlite3")
        else "wagtail.search.backends.database"
    }
}
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["bold", "italic", "link", "document-link", "ol", "ul"]},
    },
}

# --- Mail and work done apart from the web --------------------------------------------------

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="CMSC <noreply@localhost>")
EMAIL_BACKEND = "post_office.EmailBackend"  # queues
# The provider whose interface sends the mails or whose word on bounces is heard, by anymail.
MAIL_PROVIDER = env.one_of("MAIL_PROVIDER", MAIL_PROVIDERS)
ANYMAIL = dict(env.dict("MAIL_PROVIDER_SETTINGS", default={}))
if _webhook_secret := env.str("MAIL_WEBHOOK_SECRET", default=""):
    ANYMAIL["WEBHOOK_SECRET"] = _webhook_secret
_email_url = env.str("EMAIL_URL", default="")
_transport = env.email_url("EMAIL_URL", default=f"filemail://{VAR_DIR / 'mail'}")
for _name, _value in _transport.items():
    if _name not in {"EMAIL_BACKEND", "OPTIONS"}:
        globals()[_name] = _value
EMAIL_TIMEOUT = 10  # seconds; other jobs wait meanwhile
if MAIL_PROVIDER and not _email_url:
    _transport["EMAIL_BACKEND"] = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
    ANYMAIL["REQUESTS_TIMEOUT"] = (EMAIL_TIMEOUT, EMAIL_TIMEOUT)
POST_OFFICE = {
    "BACKENDS": {"default": _transport["EMAIL_BACKEND"]},
    "DEFAULT_PRIORITY": "medium",
    "CELERY_ENABLED": False,
    # How many are looked up at once; cmsc_site/mail_queue.py sends them one after the other.
    "BATCH_SIZE": 100,
    # A mail that was tried goes behind those that wait, so that it keeps none of them back.
    "SENDING_ORDER": ["-priority", "last_updated", "pk"],
}

# --- Headers --------------------------------------------------------------------------------

# Which of the two a response gets is decided in headers.py; django-csp wants its names here.
CONTENT_SECURITY_POLICY = {"DIRECTIVES": public_policy(is_https=IS_HTTPS)}
ADMIN_CONTENT_SECURITY_POLICY = {"DIRECTIVES": admin_policy(is_https=IS_HTTPS)}
PERMISSIONS_POLICY = PERMISSIONS

# Where to report a weakness: a mail or web address, told in /.well-known/security.txt.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")

# --- Logs -----------------------------------------------------------------------------------

# One JSON object a line; no address of a person, no query string, no body.
DJANGO_GUID = {
    "GUID_HEADER_NAME": "X-Request-ID",
    "VALIDATE_GUID": True,
    "RETURN_HEADER": True,
    "EXPOSE_HEADER": False,
    "INTEGRATIONS": [],
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "django_guid.log_filters.CorrelationId"}},
    "formatters": {
        "json": {
            "()": "cmsc_site.log_lines.AddresslessJsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(correlation_id)s",
            "rename_fields": {
                "asctime": "time",
                "levelname": "level",
                "name": "logger",
                "correlation_id": "request_id",
            },
        },
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
            "filters": ["request_id"],
        },
    },
    "root": {"handlers": ["stdout"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "cmsc_site": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # An unknown address is no fault of the site; the request log has it already.
        "django.request": {"level": "ERROR"},
        "django_guid": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        # Without a handler here it adds one of its own, which writes two lines a second.
        "post_office": {"handlers": ["stdout"], "level": "WARNING", "propagate": False},
    },
}

# --- The developer's machine and the tests ---------------------------------------------------

if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
    if not TESTING:
        INSTALLED_APPS += ["debug_toolbar"]
        # It writes into pages, so it must see them before they are compressed.
        _compressing = MIDDLEWARE.index("django.middleware.gzip.GZipMiddleware")
        MIDDLEWARE.insert(_compressing + 1, "debug_toolbar.middleware.DebugToolbarMiddleware")
        INTERNAL_IPS = ["127.0.0.1", "::1"]

if TESTING:
    TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    CACHES = {
        name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
        for name in CACHES
    }
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
