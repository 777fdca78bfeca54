"""The help centre: for each role, step by step, how its main tasks are done."""
