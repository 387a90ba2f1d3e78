"""The rules of Ancrage: pure functions of stored facts and `as_of`. Standard library and networkx only; no clock, no files, no database."""
