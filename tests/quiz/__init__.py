"""The quiz room: its files read, checked and kept."""
