"""Words growth lends to the rule language."""
