"""How each kind of theory answer is checked."""
