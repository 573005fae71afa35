"""The pictures of the README, from real output: `python docs/pictures/make.py` (needs Chromium).

The hero shows a terminal, a page and a graph, light and dark; the gallery has a contour, a curve of losses, a sheet.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import symback
from symback.page import render

FOLDER = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
DARK = "--blink-settings=preferredColorScheme=0"
QUESTION = "x^2 e^(3x)"
NEURON = "o1 = sigmoid(w1 x + b1); o = w2 o1; L = (o - y)^2"
VALUES = {"w1": 0.5, "x": 1, "b1": -0.5, "w2": -2, "y": 1}
COLUMNS = 78

LOOK = """
:root { color-scheme: light dark; --back: #eef1f5; --edge: #cfd6df; --paper: #fff; --ink: #1b1f24; --quiet: #59626e; }
@media (prefers-color-scheme: dark) {
  :root { --back: #0d1014; --edge: #343b44; --paper: #15181c; --ink: #e4e7eb; --quiet: #a3adb9; }
  svg { filter: invert(.9) hue-rotate(180deg); }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 24px; background: var(--back); color: var(--ink); font: 15px system-ui, sans-serif; }
main { display: grid; grid-template-columns: 690px 1fr; gap: 20px; height: 552px; }
.left { display: grid; grid-template-rows: auto 1fr; gap: 20px; min-height: 0; }
.panel { overflow: hidden; border: 1px solid var(--edge); border-radius: 10px; background: var(--paper); }
.bar { padding: 8px 14px; border-bottom: 1px solid var(--edge); color: var(--quiet); font-size: 13px; }
.bar i { display: inline-block; width: 10px; height: 10px; margin-right: 6px; }
.bar i { border-radius: 5px; background: var(--edge) }
pre { margin: 0; padding: 14px 16px; font: 13px/1.5 "DejaVu Sans Mono", monospace; }
pre b { font-weight: 600; }
.graph { display: grid; place-items: center; height: calc(100% - 34px); padding: 8px; }
.graph svg { width: 100%; height: 100%; }
iframe { width: 100%; height: calc(100% - 34px); border: 0; }
"""


def terminal() -> str:
    """Return the lines that the command prints, with the command above them."""
    lines = str(render(symback.derive(QUESTION, "x"), "text", width=COLUMNS))
    return f'<pre><b>$ symback derive "{QUESTION}"</b>\n{escape(lines)}</pre>'


def page() -> str:
    """Return the page that a sheet with this problem becomes."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "slopes.toml")
        path.write_text(f'title = "Slopes"\n[[problem]]\ntitle = "A product"\nexpr = "{QUESTION}"\npoints = 3\n')
        written = str(symback.solve(path).render("html"))
    first, last = '<details class="law"><summary>', '<details class="law" open><summary>'
    return written.replace(first, last, 1)


def hero() -> str:
    """Return the three panels as a page."""
    graph = str(render(symback.Graph(NEURON).backprop(at=VALUES), "svg"))
    dots = "<i></i><i></i><i></i>"
    framed = f'<iframe srcdoc="{escape(page())}"></iframe>'
    return f"""<!doctype html><meta charset="utf-8"><style>{LOOK}</style><main><div class="left">
<div class="panel"><div class="bar">{dots} terminal</div>{terminal()}</div>
<div class="panel"><div class="bar">symback backprop "{escape(NEURON)}" … -o graph.svg</div>
<div class="graph">{graph}</div></div></div>
<div class="panel"><div class="bar">symback solve slopes.toml --out key</div>{framed}</div>
</main>"""


def shot(html: str, name: str, size: tuple[int, int], *flags: str) -> None:
    """Write a page as a picture."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit("Chromium is not installed.")
    with TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(html, encoding="utf-8")
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *flags]
        command += [f"--user-data-dir={folder}/profile", "--force-device-scale-factor=1.5"]
        command += [f"--window-size={size[0]},{size[1]}", f"--screenshot={FOLDER / name}", file.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=90)


def main() -> None:
    shot(hero(), "hero-light.png", (1280, 600))
    shot(hero(), "hero-dark.png", (1280, 600), DARK)
    sheet = str(symback.solve(FOLDER.parents[1] / "problems" / "08-networks.toml").render("html"))
    shot(sheet, "sheet.png", (794, 900))
    contour = render(symback.gradient("x^2 + 3y^2", at={"x": 1, "y": 1}), "png")
    (FOLDER / "contour.png").write_bytes(contour)
    history = symback.train("p = w x + b; L = mse(p, y)", {"x": [0, 1, 2], "y": [1, 3, 5]}, epochs=200, lr=0.1, seed=1)
    (FOLDER / "loss.svg").write_text(str(render(history, "svg")), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
