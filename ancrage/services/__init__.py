"""One function per use case: fetch, one domain call, save, journal. Services never commit; edges own the unit of work."""
