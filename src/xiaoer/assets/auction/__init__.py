"""What an auction goes by and leaves: its terms, its announcement, what the bank said, the settlement."""
