"""One notebook to a Report."""
