"""What people bring along and take away: lists as CSV, between servers of any kind."""
