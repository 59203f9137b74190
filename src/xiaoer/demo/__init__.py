"""演示 Demo: three zones with invented people and firms whose records add up to the published figures."""
