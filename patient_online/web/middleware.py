"""What happens around every page: an id for the request, a line in the log, safe headers, and a page for each error."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from patient_online.storage.ids import uuid7
from patient_online.web import views
from patient_online.web.logs import REQUEST_ID, method_of, route_of

Answer = Callable[[HttpRequest], HttpResponse]

UNUSED = ("accelerometer", "browsing-topics", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
SAFE_HEADERS = {
    "Cache-Control": "no-store",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

access_log = logging.getLogger("patient_online.access_log")


class RequestId:
    """Gives every request an id of our own: in `request.id`, on the answer, on error pages and in every log line."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the id."""
        request.id = uuid7()  # type: ignore[attr-defined]
        token = REQUEST_ID.set(request.id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            REQUEST_ID.reset(token)
        response["X-Request-ID"] = str(request.id)  # type: ignore[attr-defined]
        return response


class AccessLog:
    """Writes a line for every request: which page, how it ended, how long it took; never who or with which address."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then write the line."""
        started = time.perf_counter()
        response = self.get_response(request)
        duration = round((time.perf_counter() - started) * 1000, 1)
        fields = {"method": method_of(request), "route": route_of(request), "status": response.status_code}
        access_log.info("Answered.", extra={**fields, "duration_ms": duration})
        return response


class SafeHeaders:
    """Adds the headers that Django's own SecurityMiddleware does not, where a view has not said otherwise."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers."""
        response = self.get_response(request)
        for header, value in SAFE_HEADERS.items():
            response.headers.setdefault(header, value)
        return response


class ErrorPages:
    """Puts a page in the place of an error that a view or the framework answered without a word."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with a page where there was none."""
        response = self.get_response(request)
        if response.streaming or response.content or response.status_code not in views.PROBLEMS:
            return response
        page = views.problem(request, response.status_code)
        for header in ("Allow", "Retry-After"):
            if header in response:
                page[header] = response[header]
        return page
