"""Collects readings from where they are: dropped files, HTTP answers, query results. One module per kind, none of which keeps anything."""
