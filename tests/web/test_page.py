"""The page in a real Chromium: every screen and kind, typing, stepping, sharing, keyboard, telephone, dark, light."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from symback.formats import FORMATS
from symback.problems.registry import kind, names
from symback.web.forms import example_of
from symback.web.typed import text_of
from tests.web.browsing import browser, can_browse, complaints_of_axe, page_at, shot
from tests.web.serving import Server

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")
pytestmark = [pytest.mark.skipif(not can_browse(), reason="Chromium is not installed"), pytest.mark.timeout(400)]

OFFER = "HTMLAnchorElement.prototype.click = function () { document.body.dataset.offered = this.download }"
ENDINGS = {one.name: one.endings[0] for one in FORMATS}
ELSEWHERE = ("backprop", "train", "check")  # kinds with screens of their own


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    with browser() as started:
        yield started


def hidden(page: Any, selector: str) -> int:
    return int(page.locator(f"{selector}:visible").count())


# --- ask ------------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_read_and_a_note_switches_it(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address) as page:
        page.fill("#ask-expr", "1/2x + log x")
        page.wait_for_selector(".reading math")
        assert page.locator(".note-box").count() == 2
        shot(page, "ask")
        page.click(".switch >> nth=0")
        page.locator(".note-box").nth(1).wait_for(state="detached")
        assert page.input_value("#ask-expr") == "1/(2x) + log x"
        assert "expr=1%2F(2x)%20%2B%20log%20x" in page.url


def test_a_typo_has_its_caret_under_the_letter(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address) as page:
        page.fill("#ask-expr", "2 sin x +")
        assert page.text_content(".caret") == "2 sin x +\n        ^"
        assert "The sum has no right-hand side." in page.inner_text(".error-box")
        assert page.get_attribute("#ask-expr", "aria-invalid") == "true"
        shot(page, "typo")
        page.fill("#ask-expr", "2 sin x + 1")
        page.wait_for_selector(".reading math")
        assert page.get_attribute("#ask-expr", "aria-invalid") is None


HOSTILE = ("<img src=x onerror=alert(1)>", "9^9^9^9^9 x", "(" * 400, "x\u202e", "\\input{/etc/passwd}")


def test_a_hostile_input_is_only_text(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address) as page:
        for text in HOSTILE:
            page.fill("#ask-expr", text)
            page.wait_for_selector(".read-as .error-box, .read-as math")
            assert page.locator(".read-as img, .read-as script").count() == 0
            page.fill("#ask-expr", "x^2")
            page.wait_for_selector(".reading math")


# --- steps ----------------------------------------------------------------------------------------------------------


def test_steps_with_hint_next_back_and_all(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address) as page:
        page.fill("#ask-expr", "x^2 sin x")
        page.press("#ask-expr", "Enter")
        page.wait_for_selector("#hint")
        assert page.url.endswith("#kind=derive&expr=x%5E2%20sin%20x")
        assert (hidden(page, "#lines .line"), hidden(page, "#steps .card")) == (0, 0)
        page.click("#hint")
        assert "product rule" in page.inner_text("#lines .hinted .why")
        assert page.locator("#lines .hinted .body").evaluate("one => getComputedStyle(one).visibility") == "hidden"
        shot(page, "hint")
        page.click("#next")
        assert hidden(page, "#lines .line") == 1
        page.keyboard.press("ArrowRight")
        assert (hidden(page, "#lines .line"), hidden(page, "#steps .card")) == (2, 1)
        page.keyboard.press("ArrowLeft")
        assert hidden(page, "#lines .line") == 1
        page.click("#all")
        assert "2 of 2" in page.inner_text(".progress")
        assert page.locator("#lines math .changed").count() > 0
        shot(page, "steps")


def test_a_rule_opens_its_law(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address + "#kind=derive&expr=x%5E2%20sin%20x&wrt=x") as page:
        page.click("#all")
        page.click("text=product rule")
        page.wait_for_selector("#law .law math")
        assert "u = x^2" in page.inner_text("#law .here")
        shot(page, "law")
        page.keyboard.press("Escape")
        assert hidden(page, "#law") == 0


def test_latex_is_copied_and_every_format_is_saved(server: Server, chrome: Any) -> None:
    address = server.address + "#kind=derive&expr=x%5E2"
    with page_at(chrome, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.click("#all")
        page.click(".card >> text=Copy LaTeX")
        page.wait_for_selector("text=Copied")
        assert page.evaluate("navigator.clipboard.readText()") == "2 x"
        with page.expect_download() as found:
            page.click("#save")
        assert found.value.suggested_filename.startswith("derive.")
        # a browser may hold back a dozen downloads in a row: of the others the link is looked at that would start them
        page.evaluate(
            "HTMLAnchorElement.prototype.click = function () { document.body.dataset.offered = this.download }"
        )
        for name in page.locator("#steps-format option").evaluate_all("all => all.map(one => one.value)"):
            page.select_option("#steps-format", name)
            page.click("#save")
            page.wait_for_selector(f"body[data-offered='derive{ENDINGS[name]}'], #steps .error-box")
            assert page.locator("#steps .error-box").count() == 0, name


ASKED = [name for name in names() if kind(name).does and name not in ELSEWHERE]


@pytest.mark.parametrize(
    "name", [name if name == "derive" else pytest.param(name, marks=pytest.mark.slow) for name in ASKED]
)
def test_every_kind_once_from_its_form(server: Server, chrome: Any, name: str) -> None:
    with page_at(chrome, server.address) as page:
        page.select_option("#ask-kind", name)
        example = {**example_of(kind(name)), **({"wrt": "x"} if name == "derive" else {})}
        for key, value in example.items():
            page.fill(f"#ask-{key}", text_of(value))
        page.wait_for_selector(".read-as math, .read-as pre")
        page.click("button[type=submit]")
        page.wait_for_selector("#lines *", state="attached")
        if page.is_visible("#all"):
            page.click("#all")
        page.wait_for_selector("#steps .card h2")
        shot(page, f"kind-{name}")


def test_a_link_opened_anew_is_the_question(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address + "#kind=derive&expr=x^2%20y&wrt=y&at=x%3D3") as page:
        page.wait_for_selector("#steps .task math")
        assert "at" in page.inner_text("#steps .task")
        page.click("text=Change the question")
        assert (page.input_value("#ask-expr"), page.input_value("#ask-wrt")) == ("x^2 y", "y")
        page.go_back()
        page.wait_for_selector("#steps .task math")


def test_a_question_over_its_limits_says_so_and_a_killed_worker_costs_nothing(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address + "#kind=derive&expr=x&order=21") as page:
        page.wait_for_selector("#steps .error-box")
        for pid in server.workers():
            os.kill(pid, signal.SIGKILL)
        page.click("text=Change the question")
        page.fill("#ask-order", "2")
        page.click("button[type=submit]")
        page.wait_for_selector("#lines *", state="attached")


# --- graph, check, sheet --------------------------------------------------------------------------------------------


def test_a_graph_with_its_slider_and_a_step_of_descent(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address + "#screen=graph") as page:
        page.wait_for_selector("#graph svg .edge", state="attached")
        shot(page, "graph")
        page.focus("#graph-slider")
        page.keyboard.press("Home")
        assert page.locator("#graph svg .later").count() == 9  # three values of nodes, six gradients
        page.keyboard.press("ArrowRight")
        assert page.locator("#graph svg .later").count() == 8
        assert "Forward" in page.inner_text(".step-line")
        page.keyboard.press("End")
        assert page.locator("#graph svg .later").count() == 0
        page.locator("#graph svg .spot").first.focus()
        assert "b" in page.inner_text("#graph .info")
        page.locator("#graph svg .edge").first.dispatch_event("pointerenter")
        assert "∂d/∂b = 2" in page.inner_text("#graph .info")
        page.click("#take-step")
        page.wait_for_selector("#graph .losses .curve")
        assert page.input_value("#value-b") == "1.4"
        page.fill("#value-b", "2")
        page.wait_for_selector("#graph svg text:text('7.2')")  # e = a + d = 3.2 + 4


def test_a_fault_in_a_graph_is_marked_at_its_line(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address + "#screen=graph") as page:
        page.fill("#graph-text", "d = 2b\ne = d +\nL = e")
        page.wait_for_selector("#graph .error-box")
        assert page.inner_text("#graph .margin .wrong") == "✗"


def test_xor_is_trained_with_its_curve(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address + "#screen=graph", reduced_motion="reduce") as page:
        page.check("#mode-train")
        page.click("text=XOR")
        page.wait_for_selector("#graph .work table")
        assert page.locator("#graph .curve polyline").count() == 1
        assert "kind=train" in page.url
        shot(page, "train")


def test_a_working_is_judged_line_by_line(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address + "#screen=check") as page:
        page.fill("#check-working", "f = x^2 sin x\ndf/dx = 2x cos x")
        page.wait_for_selector("#check .margin .wrong")
        assert page.locator("#check .code").first.locator(".margin div").all_inner_texts() == ["·", "✗"]
        assert "product" in page.inner_text("#check .work")
        shot(page, "check")
        page.fill("#check-working", "f = x^2 sin x\ndf/dx = 2x sin x + x^2 cos x")
        page.wait_for_selector("#check .summary.right")
        page.fill("#check-working", "f = x^2 sin x\ndf/dx = 2x sin x +")
        page.wait_for_selector("#check .margin .unreadable")


def test_a_sheet_with_faults_in_the_margin_its_page_and_its_files(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address + "#screen=sheet") as page:
        page.wait_for_selector("#sheet .problem >> nth=1")
        shot(page, "sheet")
        page.select_option("#sheet-show", "problems")
        page.wait_for_selector("#sheet .answers", state="detached")
        with page.expect_download() as found:
            page.click("#sheet-save")
        assert found.value.suggested_filename == "sheet.html"
        page.fill("#sheet-text", '[[problem]]\nkind = "derive"\nexrp = "x"')
        page.wait_for_selector("#sheet .fault")
        assert page.locator("#sheet .margin .wrong").count() == 2
        assert "Did you mean expr?" in page.inner_text("#sheet .faults")
        shot(page, "sheet-faults")


# --- for everybody --------------------------------------------------------------------------------------------------

SCREENS = {
    "ask": ("#screen=ask&kind=derive&expr=1/2x", ".note-box"),
    "steps": ("#kind=derive&expr=e^(3x)/(x^2%2B1)&at=x%3D0", "#hint:visible"),
    "graph": ("#screen=graph", "#graph svg"),
    "train": ("#kind=train", "#train-graph:visible"),
    "check": ("#screen=check", "#check .work .line"),
    "sheet": ("#screen=sheet", "#sheet .problem >> nth=1"),
}
VARIANTS = [("light", 1280), ("dark", 1280), ("light", 794), ("light", 390)]
LOOKS = [("dark", 390), *(pytest.param(look, marks=pytest.mark.slow) for look in VARIANTS)]


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_and_nothing_is_too_wide(
    server: Server, chrome: Any, screen: str, look: tuple[str, int]
) -> None:
    address, there = SCREENS[screen]
    scheme, width = look
    with page_at(chrome, server.address + address, width, color_scheme=scheme, bypass_csp=True) as page:
        page.wait_for_selector(there)
        if screen == "steps":
            page.click("#all")
        page.wait_for_timeout(300)
        shot(page, f"{screen}-{scheme}-{width}")
        assert complaints_of_axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_keyboard_alone_is_enough(server: Server, chrome: Any) -> None:
    with page_at(chrome, server.address) as page:
        page.keyboard.press("Control+a")
        page.keyboard.type("x^2 sin x")
        page.wait_for_selector(".reading math")
        page.keyboard.press("Enter")
        page.wait_for_selector("#hint:visible")
        page.locator("#next").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("End")
        page.wait_for_selector("#steps .card:visible")
        page.locator(".rule-button").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#law .law math")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.className") == "rule-button"
        for _ in range(40):
            page.keyboard.press("Shift+Tab")
            if page.evaluate("document.activeElement.textContent") == "Sheet":
                break
        page.keyboard.press("Enter")
        page.wait_for_selector("#sheet .problem")
