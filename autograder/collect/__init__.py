"""Repositories to submitted/, by the server's clock, with the evidence."""
