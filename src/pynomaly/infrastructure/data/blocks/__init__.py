"""Files of any format as streams of small tables, for those too large to be held."""
