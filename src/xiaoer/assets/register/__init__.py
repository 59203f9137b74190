"""What each part tells the house when it starts: its verbs, its tasks, how its records are called and found."""
