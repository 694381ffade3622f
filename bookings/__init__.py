"""The booking core: what is bookable, who has booked, and that nobody shares a seat."""
