"""Rows of the database, one module per aggregate. Rows hold facts; definitions live in YAML and arrive as versioned snapshots.

Every primary key begins with `programme_id`. Rows are built only from validated values, inside `storage` and `services`.
"""
