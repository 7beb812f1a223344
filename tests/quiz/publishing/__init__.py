"""Publishing: disk, database and what is served."""
