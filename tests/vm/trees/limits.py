"""Knows random trees of limits.conf and limits.d."""

FILES = ["/etc/security/limits.conf", "/etc/security/limits.d/10-a.conf", "/etc/security/limits.d/90-b.conf"]
# The second user has no line of its own and is in no group that has one.
USERS = ["pta", "ptb"]
DOMAINS = ["pta", "pta", "*", "@ptg", "root"]


class Tree:
    """One tree of lines about open files."""

    def __init__(self, random):
        self.files = []
        for path in FILES:
            lines = [self.line(random) for _ in range(random.randrange(1, 6))]
            self.files.append([path, "text", "\n".join(lines) + "\n"])

    @staticmethod
    def line(random):
        """Return one line; soft limits stay below hard ones."""
        domain = random.choice(DOMAINS)
        kind = random.randrange(5)
        if kind == 0:
            return f"# {domain} - nofile 77"
        side, low, high = [("soft", 100, 500), ("hard", 2000, 3000), ("-", 600, 1900), ("SOFT", 100, 500)][kind - 1]
        return f"{domain}\t{side}   nofile {random.randrange(low, high)} # x"


def profile():
    """Return a profile that speaks about the user with lines of its own, and about everybody."""
    return "[profile]\nsummary = limits\n\n[ulimit pta]\nnofile = exact 3\n\n[ulimit *]\nnofile = exact 3\n"
