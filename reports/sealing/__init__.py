"""One seal of the host organisation over a printed file: no models, no settings (docs/seal.md)."""
