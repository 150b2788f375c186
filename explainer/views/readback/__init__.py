"""Views read back from their words before they leave, by whoever did not write them."""
