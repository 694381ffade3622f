"""What an operator sees: health, logs, metrics and error reports. Nobody's name stands in any of them."""
