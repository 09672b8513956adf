"""Knows how a scenario says what it expects of the machine."""


def equal(seen, wanted, what):
    """Fail unless both values are the same."""
    if seen != wanted:
        raise AssertionError(f"{what}: {seen!r} instead of {wanted!r}")


def contains(text, part, what):
    """Fail unless `part` occurs in `text`."""
    if part not in text:
        raise AssertionError(f"{what}: {part!r} is not in {text!r}")


def between(seen, lowest, highest, what):
    """Fail unless the number lies in the interval, both ends included."""
    if not lowest <= seen <= highest:
        raise AssertionError(f"{what}: {seen} is not within {lowest} to {highest}")


def exit_code(result, wanted):
    """Fail unless the command ended with this code."""
    if result.rc != wanted:
        output = (result.stdout + result.stderr).rstrip()
        raise AssertionError(f"{result.command}: exit code {result.rc} instead of {wanted}\n{output}")


def word(vm, command, check=True):
    """Return the output of `command`, stripped."""
    return vm.run(command, check=check).stdout.strip()
