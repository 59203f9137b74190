"""Rules as growth ships them: data with their marks, given to every new zone."""

from xiaoer.growth.shipped.benefits import BENEFITS
from xiaoer.growth.shipped.champions import CHAMPIONS
from xiaoer.growth.shipped.cultivation import CULTIVATION
from xiaoer.growth.shipped.rungs import RUNGS
from xiaoer.growth.shipped.statistics import STATISTICAL
from xiaoer.growth.shipped.technology import TECHNOLOGY
from xiaoer.growth.shipped.watching import WATCHING

SHIPPED = (*STATISTICAL, *TECHNOLOGY, *CULTIVATION, *CHAMPIONS, *BENEFITS, *RUNGS, *WATCHING)
