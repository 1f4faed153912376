"""The index of words: what upper layers let people search (`sources`), and how a question finds it (`asking`)."""
