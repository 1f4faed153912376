"""The verbs of texts. Locks are taken in one order: document → passage → motion → section's figures → record."""
