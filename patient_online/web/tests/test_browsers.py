"""A browser is known by what it says of itself, roughly and in few words."""

import pytest

from patient_online.web.browsers import browser_of, browser_text

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/126.0 Safari/537.36", "Chrome on Windows"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        (f"{MOZILLA} (Windows NT 10.0) {WEBKIT} Chrome/125.0 Safari/537.36 OPR/111.0", "Opera on Windows"),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 14.5; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Mac"),
        (f"{MOZILLA} (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Linux"),
        (f"{MOZILLA} (X11; CrOS x86_64 14541) {WEBKIT} Chrome/126.0 Safari/537.36", "Chrome on ChromeOS"),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Safari/604.1",
            "Safari on iPhone",
        ),
        (f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT} CriOS/126.0 Safari/604.1", "Chrome on iPhone"),
        (f"{MOZILLA} (iPad; CPU OS 17_5 like Mac OS X) {WEBKIT} FxiOS/127.0 Mobile", "Firefox on iPad"),
        (
            f"{MOZILLA} (Linux; Android 14; SM-S918B) {WEBKIT} SamsungBrowser/25.0 Chrome/121.0",
            "Samsung Internet on Android",
        ),
        ("curl/8.5.0", "A browser that we do not know"),
        ("", "A browser that we do not know"),
        (f"{MOZILLA} (Windows NT 10.0) Something/1.0", "Windows"),
    ],
)
def test_a_browser_is_called_by_its_name_and_its_system(user_agent: str, words: str) -> None:
    assert browser_text(browser_of(user_agent)) == words


def test_what_is_kept_is_short_and_none_of_what_the_browser_said(now: object) -> None:
    """Whatever somebody writes there: names of ours alone are kept, and shown."""
    kept = browser_of("<script>" * 1000 + "Firefox/1.0 Windows")
    assert kept == "/"
    assert len(browser_of(f"{MOZILLA} (Windows) Firefox/1.0 {'x' * 5000}")) < 40
