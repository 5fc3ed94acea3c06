"""Pages, reports, exports and answers for people: what analysis found, shown."""
