"""What `bin/*` runs: builds the environment, keeps the embedded servers, starts and stops the processes.

Standard library only: this code runs before anything is installed.
"""
