"""Starting the server: what cannot work is refused with its remedy, then granian serves."""
