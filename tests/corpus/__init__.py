"""News pages of our own writing, with what is the article on each: the data of the gate and of the benchmark."""
