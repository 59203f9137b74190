"""Questions of growth."""
