"""The demonstration data: two made-up hospitals with a year behind them and two months ahead."""
