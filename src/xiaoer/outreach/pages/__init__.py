"""Pages of outreach: requests for staff, enterprises and holders of a link; visits; cards; figures."""
