"""What students get beside every notebook: modules that need nothing of this package.

The release step copies the modules of this folder beside each released notebook. So they import
SymPy, NumPy and IPython only, and hold nothing that students must not read.
"""
