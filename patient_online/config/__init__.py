"""Settings, urls, wsgi, and the placement of third-party tables."""
