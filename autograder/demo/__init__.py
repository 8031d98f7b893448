"""A class of eight from release to feedback on this machine; only the people are made up."""
