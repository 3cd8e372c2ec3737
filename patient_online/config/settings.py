"""Settings. All that differs between places comes from the environment; nothing secret stands here."""

import os
import tomllib
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from patient_online.notify.rules import Patience
from patient_online.web.csp import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from patient_online.web.logs import logging_config

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("PATIENT_ONLINE_VAR", ROOT / "var"))


def _on(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


def _seconds(name: str, at_most: int) -> int:
    asked = int(os.environ.get(name) or at_most)
    if not 60 <= asked <= at_most:
        raise ImproperlyConfigured(f"{name} is {asked}: it may be from 60 to {at_most} seconds.")
    return asked


def _database(variable: str) -> dict[str, Any]:
    if not (url := os.environ.get(variable)):
        raise ImproperlyConfigured(
            f"{variable} is not set. Start with `python manage.py …`, which runs the embedded PostgreSQL, or set it."
        )
    limits = "-c lock_timeout=3s -c idle_in_transaction_session_timeout=10s" if variable == "DATABASE_URL" else ""
    known: dict[str, Any] = {**dj_database_url.parse(url, engine="patient_online.storage.postgres", conn_max_age=None)}
    asked = known.get("OPTIONS", {})  # sslmode and the like, which the address may ask for
    asked.setdefault("connect_timeout", 5)  # seconds; otherwise a server that is gone is waited for in silence
    options = f"{asked.get('options', '')} {limits} -c TimeZone=UTC".strip()
    return {**known, "OPTIONS": {**asked, "options": options}}


VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
DEMO = _on("PATIENT_ONLINE_DEMO")
DEBUG = False
# Where people reach it, as messages name it: nothing that a request says may find its way into a letter.
SERVICE_URL = (os.environ.get("PATIENT_ONLINE_URL") or "http://localhost:8000").rstrip("/")
SECRET_KEY = os.environ.get("PATIENT_ONLINE_SECRET_KEY", "")
ALLOWED_HOSTS = os.environ.get("PATIENT_ONLINE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HTTPS = _on("PATIENT_ONLINE_HTTPS")

DATABASES = {"default": {**_database("DATABASE_URL"), "TEST": {"MIRROR": "owner"}}}
if os.environ.get("DATABASE_OWNER_URL"):
    DATABASES["owner"] = {**_database("DATABASE_OWNER_URL"), "TEST": {"DEPENDENCIES": []}}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "identity_guesses",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},  # a count that is thrown away lets somebody guess again
    },
}

INSTALLED_APPS = [
    "patient_online.storage",
    "patient_online.web",
    "patient_online.audit",
    "patient_online.identity",
    "patient_online.practices",
    "patient_online.patients",
    "patient_online.notify",
    "patient_online.tasks",
    "patient_online.access",
    "patient_online.appointments",
    "patient_online.demo",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "patient_online.web.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "patient_online.web.middleware.AccessLog",
    "patient_online.web.csp.ContentSecurityPolicy",
    "patient_online.web.middleware.SafeHeaders",
    "patient_online.web.middleware.ErrorPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "patient_online.access.middleware.WhoIsAskingMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "patient_online.config.urls"
WSGI_APPLICATION = "patient_online.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "patient_online.web.jinja.environment",
            "context_processors": [
                "patient_online.web.page.about_the_service",
                "patient_online.access.audiences.around",
                "patient_online.access.waiting.work",
                "patient_online.identity.nhs_login.ours.about_nhs_login",
            ],
        },
    },
]
X_FRAME_OPTIONS = "DENY"
LOGGING = logging_config("WARNING" if DEMO else "INFO")

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [ROOT / "patient_online" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [VAR / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        # The letters alone are compared, in any order: below this, words that have nothing in common look alike.
        "OPTIONS": {"user_attributes": ["email", "name"], "max_similarity": 0.85},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "patient_online.identity.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "signed_out"
ACCOUNT_SESSION_REMEMBER = False
# Passwords are counted by ours (identity/actions/guesses.py); these are the library's counts of codes of second steps.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/300s/key"}
ACCOUNT_FORMS = {
    "login": "patient_online.identity.forms.SignInForm",
    "change_password": "patient_online.identity.forms.ChangePasswordForm",
    "reauthenticate": "patient_online.identity.forms_second_steps.ConfirmByPasswordForm",
    "set_password": "patient_online.identity.forms.SetPasswordForm",
}

MFA_ADAPTER = "patient_online.identity.adapters_second_steps.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "patient_online.identity.forms_second_steps.CodeForm",
    "authenticate_webauthn": "patient_online.identity.forms_second_steps.PasskeyForm",
    "reauthenticate": "patient_online.identity.forms_second_steps.ConfirmByCodeForm",
    "reauthenticate_webauthn": "patient_online.identity.forms_second_steps.ConfirmByPasskeyForm",
    "login_webauthn": "patient_online.identity.forms_second_steps.SignInByPasskeyForm",
    "activate_totp": "patient_online.identity.forms_second_steps.SetUpAppForm",
    "generate_recovery_codes": "patient_online.identity.forms_second_steps.PrintCodesForm",
    "add_webauthn": "patient_online.identity.forms_second_steps.AddPasskeyForm",
    "edit_webauthn": "patient_online.identity.forms_second_steps.NamePasskeyForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an account may have no address at all; who owns it is not shown by one
# A passkey holds no secret that could be guessed; a whole practice may sign in from one address at eight o'clock.
MFA_RATE_LIMITS = {"webauthn_login": "600/m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers take `localhost` for a secure place; nothing else is
MFA_TOTP_ISSUER = "Patient Online"
MFA_TOTP_TOLERANCE = 1  # a clock that is half a minute off still fits

NHS_LOGIN_ISSUER = os.environ.get("PATIENT_ONLINE_NHS_LOGIN_ISSUER", "")
NHS_LOGIN_CLIENT_ID = os.environ.get("PATIENT_ONLINE_NHS_LOGIN_CLIENT_ID", "")
NHS_LOGIN_KEY_FILE = os.environ.get("PATIENT_ONLINE_NHS_LOGIN_KEY_FILE", "")
NHS_LOGIN_KEY_ID = os.environ.get("PATIENT_ONLINE_NHS_LOGIN_KEY_ID", "")
NHS_LOGIN_SECONDS = 5  # how long each question to it may take

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# Nothing notifies workers of a new job (see the notify app's migrations): they ask each second.
PROCRASTINATE_WORKER_DEFAULTS = {
    "concurrency": 4,
    "listen_notify": False,
    "fetch_job_polling_interval": 1.0,
    "shutdown_graceful_timeout": 20.0,
}
WITH_WORKER = os.environ.get("PATIENT_ONLINE_WORKER", "1").lower() in ("1", "true", "yes", "on")
EMAIL_BACKEND = "patient_online.notify.backend.Backend"
DEFAULT_FROM_EMAIL = "Patient Online <noreply@localhost>"  # the mail provider puts its own in its place
NOTIFY_PATIENCE = Patience()
NOTIFY_FOLDER = VAR / "mail" if DEMO else None  # the demonstration sends nothing to anybody
NOTIFY_SMTP_URL = os.environ.get("PATIENT_ONLINE_SMTP_URL", "")
NOTIFY_MAIL_FROM = os.environ.get("PATIENT_ONLINE_MAIL_FROM", "")
NOTIFY_GOVUK_KEY = os.environ.get("PATIENT_ONLINE_GOVUK_NOTIFY_KEY", "")
NOTIFY_GOVUK_TEMPLATE = os.environ.get("PATIENT_ONLINE_GOVUK_NOTIFY_TEMPLATE", "")
NOTIFY_GOVUK_URL = os.environ.get("PATIENT_ONLINE_GOVUK_NOTIFY_URL", "https://api.notifications.service.gov.uk")

SESSION_ENGINE = "patient_online.access.sessions"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# How long one stays signed in. A place may choose less, never more.
SESSION_COOKIE_AGE = _seconds("PATIENT_ONLINE_SESSION_SECONDS", at_most=12 * 60 * 60)
SESSION_STAFF_SECONDS = _seconds("PATIENT_ONLINE_STAFF_SESSION_SECONDS", at_most=8 * 60 * 60)
SESSION_IDLE_SECONDS = _seconds("PATIENT_ONLINE_IDLE_SECONDS", at_most=10 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "patient_online.access.views.sessions.form_too_old"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|version)$"]
BEHIND_PROXY = _on("PATIENT_ONLINE_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]  # var/assets is made by what serves, not before every command
