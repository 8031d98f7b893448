"""Grade, collect and return a deep learning course's homework and exams."""
