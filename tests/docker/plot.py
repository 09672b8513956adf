"""Knows how to draw a plain SVG: lines over a count, with axes from zero and round numbers on them."""

from pathlib import Path

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 24, 48
APART = 14
COLOURS = ["#1f6f8b", "#c8553d", "#6a994e", "#7b2d8b"]


def steps(most, wanted=5):
    """Return round numbers from zero up to at least `most`."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            step = size * factor
            if most / step <= wanted:
                return [step * index for index in range(int(-(-most // step)) + 1)]
        size *= 10


def draw(path, title, across, up, lines):
    """Write `lines` (a name and its points each) to `path`; `across` and `up` name the axes."""
    rights = steps(max(x for _, points in lines for x, _ in points))
    ups = steps(max(y for _, points in lines for _, y in points))
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(x, y):
        return LEFT + x / rights[-1] * wide, TOP + high - y / ups[-1] * high

    text = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'font-family="sans-serif" font-size="12"><title>{title}</title>',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>']
    for y in ups:
        left, height = at(0, y)
        text.append(f'<line x1="{left:.1f}" y1="{height:.1f}" x2="{left + wide:.1f}" y2="{height:.1f}" stroke="#dddddd"/>')
        text.append(f'<text x="{left - 6:.1f}" y="{height + 4:.1f}" text-anchor="end">{y}</text>')
    for x in rights:
        left, height = at(x, 0)
        text.append(f'<text x="{left:.1f}" y="{height + 18:.1f}" text-anchor="middle">{x}</text>')
    text.append(f'<text x="{LEFT + wide / 2:.1f}" y="{HEIGHT - 10}" text-anchor="middle">{across}</text>')
    text.append(f'<text x="16" y="{TOP + high / 2:.1f}" text-anchor="middle" '
                f'transform="rotate(-90 16 {TOP + high / 2:.1f})">{up}</text>')
    ends = []
    for (name, points), colour in zip(lines, COLOURS):
        spots = [at(x, y) for x, y in points]
        text.append('<polyline fill="none" stroke-width="2" stroke="{}" points="{}"/>'.format(
            colour, " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)))
        text.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in spots)
        ends.append((spots[-1][1], spots[-1][0], name, colour))
    last = 0
    for height, left, name, colour in sorted(ends):
        # Names of lines that end close to each other stand below each other.
        last = max(height, last + APART)
        text.append(f'<text x="{left + 8:.1f}" y="{last + 4:.1f}" fill="{colour}">{name}</text>')
    text.append("</svg>\n")
    Path(path).write_text("\n".join(text))
