"""A made-up world's trade, with dependencies planted in it."""
