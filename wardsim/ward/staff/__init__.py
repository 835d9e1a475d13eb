"""Staff: posts and people, absence, the roster, temporary staff, the team on shift."""
