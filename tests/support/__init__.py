"""Helpers of several test rooms: builders and fakes. Imported as `tests.support.x`."""
