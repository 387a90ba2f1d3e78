"""The bare-file calculators: rows of a sheet in, figures out, every bad row by its line; one module per method (ASM, last section)."""
