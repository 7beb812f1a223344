"""Contact data: what people wrote of themselves, apart from answers and figures."""
