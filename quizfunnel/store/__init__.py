"""The database: one engine, its types and its transactions."""
