"""What is written about the made-up patients of `load_demo`."""
