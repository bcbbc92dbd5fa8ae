"""How much a vendor's file may hold; IMPORT.md, "Limits"."""

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 500_000
MAX_COLUMNS = 200
MAX_CELL = 10_000
# Past this a field can't be held at all: an unclosed quote would otherwise swallow the rest of the file.
MAX_FIELD = 1_000_000
# Rows in which the header is looked for: titles and legends stand above it.
HEADER_SEARCH = 30
# Seconds of wall time that the child may take to read an XLSX of any size that is allowed.
CHILD_SECONDS = 120
