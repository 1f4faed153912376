"""How fast Parley is, as ratios to bare Django views that show or write the same (`make bench`, docs/speed.md)."""
