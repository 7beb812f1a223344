"""Learners: scikit-learn estimators of purchases from answers."""
