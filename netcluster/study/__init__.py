"""Whole studies: every analysis an input allows, ranked, and laid down in a run folder."""
