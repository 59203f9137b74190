"""看板 Reports: published figures beside ours, each with the question and the records behind it.

Topics: published, questions.
"""
