"""Knows how to tell the steps of a scenario, each with the seconds it took."""

import sys
import time


class Steps:
    """Prints a line when a step ends: its seconds and what it was."""

    def __init__(self):
        self.started = time.monotonic()
        self.current = None
        self.since = None

    def begin(self, sentence):
        """End the step before and begin one."""
        self.end()
        self.current = sentence
        self.since = time.monotonic()

    def end(self, outcome="ok"):
        """Print the step that is running, if one is."""
        if self.current is not None:
            print(f"  {time.monotonic() - self.since:7.1f} s  {outcome:<6}  {self.current}")
            sys.stdout.flush()
            self.current = None

    def seconds(self):
        """Return the seconds since the first step could begin."""
        return time.monotonic() - self.started
