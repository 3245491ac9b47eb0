"""Colours of a page by name, light and dark; drawings and charts name them as `var(--name)`.

All text has a contrast of 4.5 to what is behind it, lines and edges 3; lines differ in lightness
and dashes too, so that they are told apart without colour.
"""

from sim.report.style import INK, LINES, MUTED, PAPER

LIGHT = {
    "ink": INK, "muted": MUTED, "line": "#d6d9de", "panel": PAPER, "page": "#f4f5f7",
    "cell": "#f0f1f4", "edge": "#6b7178", "hover": "#e8eff6", "link": "#00558f", "main": "#12395b",
    "warn": "#a34a00", "warned": "#fdf3e6", "alight": "#c44f00", "slows": "#e39a66",
    "acting": "#003a5c", "primary": "#12567f", "negative": "#a3311a",
    "on-primary": "#ffffff",
    **{f"line-{n}": colour for n, colour in enumerate(LINES)},
}  # fmt: skip
DARK = {
    "ink": "#eceef1", "muted": "#b3b9c1", "line": "#434a53", "panel": "#1d2126", "page": "#121518",
    "cell": "#2a2f36", "edge": "#9aa1aa", "hover": "#2c3640", "link": "#85c5f5", "main": "#1b4f7d",
    "warn": "#f0a35e", "warned": "#35281a", "alight": "#ff9350", "slows": "#7a4a28",
    "acting": "#7fb2d6", "primary": "#85c5f5", "negative": "#ff9d85",
    "on-primary": "#10151a",
    **dict(zip((f"line-{n}" for n in range(len(LINES))),
               ("#f5935a", "#5fb8f0", "#3fc79a", "#de95c0", "#d9ab49", "#a9a9ee"), strict=True)),
}  # fmt: skip


def css() -> str:
    """Return the colours as custom properties of the page."""

    def properties(colours: dict[str, str]) -> str:
        return " ".join(f"--{name}: {colour};" for name, colour in colours.items())

    return f"body {{ {properties(LIGHT)} }}\nbody.body--dark {{ {properties(DARK)} }}\n"
