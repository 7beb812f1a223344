"""Files of orders: read in a stream, told by row what is wrong, and taken through the same inbox as hooks."""
