"""智能审批: packs as data, what is gathered for a case, the rule put to it, and the same once more."""
