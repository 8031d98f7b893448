"""The settings of the course: nbgrader's, and the platform's own beside them.

This is the only settings file. `nbgrader` and `autograder` both read it; a setting that neither
knows, or a value that cannot be, is an error that names it (see `autograder doctor`).

The example course is Berkeley's STAT 157 of spring 2019.
"""

from autograder.settings import plug_into_nbgrader

c = get_config()

# nbgrader's commands and formgrader work through the platform: this line is all that it takes.
plug_into_nbgrader(c)

# -- folders ---------------------------------------------------------------------------------------

c.CourseDirectory.source_directory = "solutions"  # source notebooks, with their solutions
c.CourseDirectory.release_directory = "assignments"  # written by the release step, never by hand
# submitted/, autograded/, feedback/ and gradebook.db lie beside this file; Git ignores them.

# -- people ----------------------------------------------------------------------------------------

c.Course.name = "Introduction to Deep Learning"
c.Course.staff_name = "Course staff"  # the author of the commits that return feedback
c.Course.staff_email = "staff@example.edu"

# A CSV file, one student a row; Git ignores it:
#     id,name,email,repository
#     ada,Ada Lovelace,ada@example.edu,https://git.example.edu/course/ada.git
c.Course.roster = "roster.csv"

# What counts at the deadline: "main", or "pull request" for one onto main that is open then.
c.Course.submit_by = "main"

# Where the hidden tests are; empty: autograder/hidden_tests.
c.Course.hidden_tests = ""

# -- calendar --------------------------------------------------------------------------------------

# Deadlines are what the clocks of this time zone show, summer time included.
c.Calendar.timezone = "America/Los_Angeles"
c.Calendar.due = {
    "hw01_norms": "2019-01-29 16:00",
    "hw02_svd_pca": "2019-02-05 16:00",
    "hw03_matrix_calculus": "2019-02-12 16:00",
    "hw04_entropy_kl": "2019-02-19 16:00",
    "hw05_autograd": "2019-02-26 16:00",
    "hw06_sgd": "2019-03-12 16:00",
    "hw07_softmax": "2019-04-02 16:00",
    "hw08_mlp": "2019-04-09 16:00",
    "hw09_convnets": "2019-04-16 16:00",
    "hw10_batchnorm_gpu": "2019-04-30 16:00",
}

# Later deadlines of single students, the ill and who joined late, by assignment and id:
# as {"hw01_norms": {"ada": "2019-02-05 16:00"}}.
c.Calendar.extensions = {}

# -- rules -----------------------------------------------------------------------------------------

c.Policy.late_days = 2  # two days late ...
c.Policy.late_times = 1  # ... once, for any reason
c.Policy.drop = 1  # the lowest assignment does not count: the best nine of ten do
c.Policy.points = 100  # what each assignment adds up to ...
c.Policy.theory_percent = 50  # ... and how much of it is theory
c.Policy.weights = {"homework": 30, "midterm": 20, "project": 50}  # percent of the course
c.Policy.show_class_from = 5  # scores before feedback shows how the class did; 0: never

# -- limits of one submission ----------------------------------------------------------------------

c.GradingLimits.cell_s = 30.0  # wall seconds for one notebook cell
c.GradingLimits.call_s = 10.0  # wall seconds for one call that a hidden test makes
c.GradingLimits.submission_s = 300.0  # wall seconds for the whole submission
c.GradingLimits.cpu_s = 300  # CPU seconds for the whole submission
c.GradingLimits.memory_mib = 3072
c.GradingLimits.processes = 64
c.GradingLimits.output_mib = 4.0  # what is kept of the output
c.GradingLimits.disk_mib = 256  # what the code may write
c.GradingLimits.notebook_mib = 64  # a larger notebook file is not read
