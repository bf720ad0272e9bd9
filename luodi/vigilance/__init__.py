"""用药安全: adverse drug reactions, and recalls traced to every patient."""
