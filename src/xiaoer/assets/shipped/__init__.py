"""What a zone begins with, part by part: rows, each with its source and mark, to be changed."""
