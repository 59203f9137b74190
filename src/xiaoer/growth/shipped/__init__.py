"""Rules as growth ships them: data with their marks, given to every new zone."""

from xiaoer.growth.shipped.rungs import RUNGS

SHIPPED = (*RUNGS,)
