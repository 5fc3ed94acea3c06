"""Pure functions on the ties table and on NetworkX graphs: load, network, lint."""
