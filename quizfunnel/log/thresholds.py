"""Thresholds of the alarms and checks; pure."""

SHARE_ALARM = 1000.0  # an e-value of the arms' sizes above it says that the draw is broken


GAP_TIMES = 2.0  # people may leave at one question this many times as often as at the others


PROMISE_KEPT = 0.75  # of those who finish, so many should need no longer than promised


RECONCILED_DAYS = 14  # of the store's own totals, the latest: each day of the week twice


STORE_GAP = 0.01  # of a day's orders or money: lost from one arm alone, a fifth of the least effect that is planned for


QUIZ_ONLY_BUYERS = 20  # matched buyers, all of whom took the quiz, from which on tokens are thought lost
