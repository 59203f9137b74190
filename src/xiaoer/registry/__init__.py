"""主体 Registry: who and where. Parks, grids, cells, parties, enterprises, stewards, who speaks for whom.

Topics: codes, names, outlines, borders, guessing, merging, imports, redrawing, words.
"""
