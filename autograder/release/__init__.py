"""Source notebook to student notebook, and its checks."""
