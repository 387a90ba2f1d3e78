"""The pages of people: server-rendered, without JavaScript. Opening a page never changes anything; only its buttons act."""

from ancrage.web.app import create_app

__all__ = ["create_app"]
