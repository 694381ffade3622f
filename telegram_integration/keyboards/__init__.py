"""Rows of buttons: grids, the calendar of a month, the times of a day."""
