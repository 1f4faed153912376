"""People: who they are, how they sign in, and how they prove themselves before an act that counts."""
