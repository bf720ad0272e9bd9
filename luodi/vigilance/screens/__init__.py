"""Screens of vigilance: reports and their worklists, recalls and who is told of them."""
