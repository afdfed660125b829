"""Everything that is known about time: stamps, years, zones, ranges, and clocks that stepped."""
