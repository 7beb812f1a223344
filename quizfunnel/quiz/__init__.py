"""A merchandiser's file becomes a quiz: read, checked, versioned."""
