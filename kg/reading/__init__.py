"""Files and texts → notices as printed: outline, tasks, clauses, quantities, and what is odd in the print."""
