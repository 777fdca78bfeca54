"""Where things are: the project's root and everything the runtime writes under `.local/`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Paths of one checkout. Everything the runtime writes is under `local`."""

    root: Path

    @property
    def local(self) -> Path:
        return self.root / ".local"

    @property
    def run(self) -> Path:
        return self.local / "run"

    @property
    def log(self) -> Path:
        return self.local / "log"

    @property
    def metrics(self) -> Path:
        """Where the processes keep their figures for /metrics."""
        return self.local / "metrics"

    @property
    def venv(self) -> Path:
        return self.local / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def lock(self) -> Path:
        return self.root / "requirements-dev.lock"

    def prepare(self) -> None:
        """Create the folders. `.local` is closed to other accounts: it holds secrets and data."""
        if not self.local.exists():
            self.local.mkdir(mode=0o700)
        for folder in (self.run, self.log, self.metrics):
            folder.mkdir(mode=0o700, exist_ok=True)


HERE = Layout(Path(__file__).resolve().parents[2])
