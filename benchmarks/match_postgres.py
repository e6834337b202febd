def measure(sizes):
    return []
