"""One description of a table, three files of it: Excel, CSV, JSON. What a text says never becomes a formula in any of them."""

from ancrage.exchange.tables.csv_text import render_csv
from ancrage.exchange.tables.json_text import render_json
from ancrage.exchange.tables.table import Column, Kind, Table, Value
from ancrage.exchange.tables.xlsx import render_book, render_xlsx

__all__ = ["Column", "Kind", "Table", "Value", "render_book", "render_csv", "render_json", "render_xlsx"]
