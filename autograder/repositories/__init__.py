"""The few Git commands used, hardened, and the servers that hold repositories."""
