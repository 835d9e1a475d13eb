"""The parts of a report, one idea a file."""
