"""Rules of the agency library, pure. Import the page of the law that is meant: registration, content, ..."""
