"""What the directory answers to a visitor's search, from the address's words to the results."""
