"""The course as plain data and decisions: no input, no output."""
