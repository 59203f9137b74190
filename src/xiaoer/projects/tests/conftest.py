"""What the tests of projects share."""
