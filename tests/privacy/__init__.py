"""What is kept of people, shown and erased."""
