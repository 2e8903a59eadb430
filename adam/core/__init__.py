"""What every room may use: findings and marks, value kinds, dates, decimal arithmetic. Imports nothing of ours."""
