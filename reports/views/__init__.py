"""Pages of texts: found, may, filled in, done, answered."""
