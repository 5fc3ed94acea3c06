"""Printed names → units, groups and places: identities that hold over notices, or an honest "unknown"."""
