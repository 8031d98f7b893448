"""The reference library: small, readable, torch on CPU or CUDA; knows nothing of grading."""
