"""A class of eight on this machine, from release to feedback."""
