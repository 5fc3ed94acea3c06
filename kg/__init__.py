"""A knowledge graph of government responsibilities."""
