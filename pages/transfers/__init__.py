"""Lists that staff bring in as a file, and lists that they take out; what apps have in common."""
