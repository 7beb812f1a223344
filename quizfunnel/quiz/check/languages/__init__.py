"""Words of pressure and of ways out, in English and in each language that is shipped beside it."""
