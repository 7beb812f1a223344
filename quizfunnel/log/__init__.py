"""The log: rows of visitors, attempts and orders, read for insight and learning; decides nothing."""
