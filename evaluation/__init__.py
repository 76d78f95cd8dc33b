"""How well the splitter splits: labels made by hand, measures, and the floors under them. `make eval` prints it."""
