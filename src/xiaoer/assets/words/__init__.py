"""What is computed here in the reader's words: fits, money and moments of the auction, a sale."""
