"""The one error the launchers show without a traceback."""


class Problem(Exception):
    """Something the reader can mend. `code` is the exit status: 1 failed, 2 something is missing."""

    def __init__(self, message: str, *, code: int = 1) -> None:
        super().__init__(message)
        self.code = code
