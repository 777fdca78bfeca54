"""What is done with contracts. One transaction and one journal row a step; the order is locked before its contract."""
