"""What the engines have in common whose drivers block: a worker thread for each connection."""
