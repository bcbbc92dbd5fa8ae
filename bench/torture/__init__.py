"""The reliability programme for reminders: real processes on real servers, killed and starved on purpose.

``scenarios`` says what is done, ``oracle`` what must hold afterwards; ``python3 manage.py torture`` runs the whole,
``tests/clock/test_torture.py`` the short form of each scenario.
"""
