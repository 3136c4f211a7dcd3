"""The books that an exercise pins in a version: agreements, calendars; and the table of goods."""
