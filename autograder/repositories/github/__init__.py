"""Repositories on GitHub: push times, private repositories, pull requests, through PyGithub."""
