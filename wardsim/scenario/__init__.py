"""What a planner writes: schema, reading with line numbers, inheritance, messages. Knows nothing of the ward."""
