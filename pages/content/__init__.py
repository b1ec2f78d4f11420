"""The first content of the site and how it is loaded."""
