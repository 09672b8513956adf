"""Knows random drop-ins of units that share prefixes, a template and a type."""

UNITS = ["pt-a-b.service", "pt-a-c.service", "pt-a@x.service", "pt-a-d@y.service"]
FRAGMENTS = ["pt-a-b.service", "pt-a-c.service", "pt-a@.service", "pt-a-d@.service"]
PLACES = [
    "/etc/systemd/system.control", "/run/systemd/system.control", "/etc/systemd/system", "/run/systemd/system",
    "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
]
FOLDERS = [
    "pt-a-b.service.d", "pt-a-c.service.d", "pt-a-.service.d", "pt-.service.d", "pt-a@x.service.d",
    "pt-a@.service.d", "pt-a-d@y.service.d", "pt-a-d@.service.d", "pt-a-@y.service.d", "pt-@x.service.d",
    "pt-@.service.d",
]
NAMES = ["10-a.conf", "50-b.conf", "60-c.conf"]


class Tree:
    """One tree: its files, and the line of each value."""

    def __init__(self, random, counter):
        self.files = []
        self.lines = {}
        self.counter = counter
        for name in FRAGMENTS:
            path = f"{random.choice(['/etc/systemd/system', '/usr/lib/systemd/system'])}/{name}"
            self.write(random, path, "[Service]\nExecStart=/bin/true\n")
        for folder in FOLDERS:
            for place in PLACES:
                for name in NAMES:
                    if random.random() < 0.12:
                        self.add(random, f"{place}/{folder}/{name}")

    def add(self, random, path):
        """Add a drop-in, or a link that masks one."""
        if random.random() < 0.1:
            self.files.append([path, "link", "/dev/null"])
        else:
            self.write(random, path, "")

    def write(self, random, path, text):
        """Write a file of some lines."""
        section = "Service" if text else ""
        for _ in range(random.randrange(1, 4)):
            if random.random() < 0.8 and section != "Service" or not section:
                section = "Service"
                text += "[Service]\n"
            elif random.random() < 0.1:
                section = "X-Other"
                text += "[X-Other]\n"
            kind = random.random()
            self.counter[0] += 1
            value = self.counter[0]
            if kind < 0.08:
                text += "TasksMax=\n"
            elif kind < 0.16:
                text += random.choice(["TasksMax=many\n", "TasksMax=0\n", "# TasksMax=5\n", "TasksMax 5\n"])
            elif kind < 0.24:
                text += f"TasksMax= \\\n; in between\n {value}\n"
                self.note(section, value, path, text)
            else:
                text += f"TasksMax={value}\n"
                self.note(section, value, path, text)
        self.files.append([path, "text", text])

    def note(self, section, value, path, text):
        """Note where a value stands: at the last line of its assignment."""
        if section == "Service":
            self.lines[value] = f"{path}:{text.count(chr(10))}"


def profile():
    """Return a profile that speaks about every unit."""
    sections = [f"[unit {unit}]\nTasksMax = exact 3\n" for unit in UNITS]
    return "[profile]\nsummary = units\n\n" + "\n".join(sections)
