"""Waiting for what is asynchronous, also in a thread in which a browser's event loop runs already."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from asgiref.sync import async_to_sync


def waited_for(begin: Callable[..., Coroutine[Any, Any, Any]], *things: Any, **details: Any) -> Any:
    """What comes of it. Playwright leaves its loop running between journeys: it is set aside meanwhile."""
    browsers = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return async_to_sync(begin)(*things, **details)
    finally:
        asyncio._set_running_loop(browsers)
