"""规则 Rules: what staff write about facts, in one language with one meaning, evaluated two ways.

``language`` is pure: it reads, checks and compiles expressions. ``engines``: ``one`` for a subject
with its reasons, ``many`` for a whole zone at once. The rest keeps rules, versions and verdicts.

Topics: language, engines, vocabularies, shipping, thresholds, uses,
origins.
"""
