"""Notices → triples in a store, a ties table beside it, and the questions that are asked of them."""
