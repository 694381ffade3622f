"""What every room of the house stands on: a closed list of four modules."""
