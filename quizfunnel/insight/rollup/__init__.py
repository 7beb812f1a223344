"""The rollup: stored cells, brought up to date from the database or from Parquet."""
