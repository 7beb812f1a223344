"""The export: the log as files for an analyst's own tools."""
