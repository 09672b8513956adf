"""Knows random trees of sysctl.d, and which of their lines the kernel's values came from."""

PLACES = ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d"]
NAMES = ["10-a.conf", "50-b.conf", "50-b2.conf", "99-z.conf", "a.conf"]
# Keys that take any number and that nothing else on the machine looks at. `x.1` is an interface.
KEYS = [
    "net/ipv4/conf/lo/tag", "net/ipv4/conf/xa/tag", "net/ipv4/conf/x.1/tag",
    "net/ipv4/conf/lo/medium_id", "net/ipv4/conf/xa/medium_id", "net/ipv4/conf/x.1/medium_id",
    "net/core/message_cost", "kernel/panic_print",
]
PATTERNS = [
    "net/ipv4/conf/*/tag", "net/ipv4/conf/x*/tag", "net/ipv4/conf/x?1/tag", "net/ipv4/conf/*/medium_id",
    "net/ipv4/conf/[lx]*/tag", "net/ipv4/conf/[!l]*/medium_id", "net/ipv4/*/xa/tag", "net/core/message_*",
]
BASE = 7


def swapped(text):
    """Return the other spelling: dots for slashes and slashes for dots."""
    return text.translate(str.maketrans("./", "/."))


def spelled(random, key):
    """Return one of the spellings that systemd takes for a key or pattern."""
    kind = random.randrange(6)
    if kind < 3:
        return swapped(key)
    if kind == 3:
        return swapped(key).replace(".", "..", 1)
    return ("/" if kind == 4 else "") + key


class Tree:
    """One tree: its files, and the lines of each value."""

    def __init__(self, random, counter):
        self.files = []
        self.lines = {}
        self.counter = counter
        for name in NAMES:
            for place in PLACES:
                if random.random() < 0.4:
                    self.add(random, f"{place}/{name}")

    def add(self, random, path):
        """Add a file, a link or an empty file."""
        kind = random.random()
        if kind < 0.1:
            self.files.append([path, "link", "/dev/null"])
        elif kind < 0.13:
            self.files.append([path, "link", "/nowhere"])
        elif kind < 0.18:
            self.files.append([path, "text", ""])
        else:
            end = "\r\n" if random.random() < 0.1 else "\n"
            lines = [self.line(random, path, number + 1) for number in range(random.randrange(1, 9))]
            self.files.append([path, "text", end.join(lines) + end])

    def line(self, random, path, number):
        """Return one line, and note what it says."""
        kind = random.random()
        pattern = kind > 0.65
        key = random.choice(PATTERNS if pattern else KEYS)
        written = spelled(random, key)
        if kind < 0.05:
            return random.choice(["", "# x = 1", "; y", "no assignment", "[section]", "\t"])
        if kind < 0.2 or kind > 0.95:
            return "-" + random.choice(["", " "]) + written
        again = [value for value, of in self.lines.items() if of[0][0] == key]
        if again and random.random() < 0.25:
            value = random.choice(again)
        else:
            self.counter[0] += 1
            value = self.counter[0]
        self.lines.setdefault(value, []).append((key, f"{path}:{number}"))
        minus = "-" if random.random() < 0.15 else ""
        blanks = random.choice(["", " ", "\t"])
        return f"{blanks}{minus}{written}{blanks}={blanks}{value}{blanks}"

    def sources(self, value):
        """Return the places of the lines that say `value`, in the order of reading."""
        places = [place for _, place in self.lines.get(value, [])]
        return sorted(places, key=lambda place: (place.rsplit("/", 1)[1].split(":")[0], int(place.rsplit(":", 1)[1])))


def profile():
    """Return a profile that speaks about every key."""
    lines = [f"{key} = {BASE}" for key in KEYS]
    return "[profile]\nsummary = keys\n\n[sysctl]\n" + "\n".join(lines) + "\n"


def identity(key):
    """Return the identity that hosttune gives a key."""
    return "sysctl:" + swapped(key)
