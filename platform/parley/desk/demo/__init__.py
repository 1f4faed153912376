"""The demo programme: invented sides, people and texts, made through the same verbs that people use."""

PROGRAMME = "The Orla River Dialogue"
