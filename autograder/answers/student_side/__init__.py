"""What students get beside every notebook: modules that need nothing else of this package.

The release step makes one file of them, `my_answers.py`, together with the reader of typed formulas
(`autograder/release/student_files.py`). So they import SymPy, NumPy and IPython only, each name at
top level is there once over all of them, and they hold nothing that students must not read.
"""
