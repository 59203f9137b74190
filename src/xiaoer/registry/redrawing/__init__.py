"""Re-drawing of cells and caseloads: who would go where so that officers carry about the same.

``rules`` what weighs how much · ``loads`` what upper rooms add · ``outlines`` what is wrong with the
map · ``reading`` today's map as a problem · ``problem`` ``flow`` ``mending`` ``exact`` ``solving`` the
computation, which knows no database · ``progress`` how far it is, and whether to stop.
"""
