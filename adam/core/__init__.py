"""The base of all rooms: errors, findings and marks, value kinds, dates, decimal arithmetic. It imports no other room."""
