"""What the template tags of `templatetags/parts.py` show, worked out in plain Python."""
