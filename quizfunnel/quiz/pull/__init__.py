"""Pull of catalogues: from where a shop's export writes them, through the check, into the folder of the quizzes."""
