"""What a person does at a browser: read names, fill in items, press buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Milliseconds after which a test has failed; nothing is measured by it.
PATIENCE = 120_000

expect.set_options(timeout=PATIENCE)

#: What of a page a reader can trip over: each element with its place, as far as it is shown.
SHAPES = """() => {
    const shape = (one) => one && [one.tagName, one.getAttribute('class'), one.getAttribute('role'),
        one.type, one.disabled, one.ariaCurrent, one.ariaSelected, one.ariaExpanded].join(' ')
    const shown = [...document.querySelectorAll('body *')].filter((one) => one.checkVisibility())
    const scheme = matchMedia('(prefers-color-scheme: dark)').matches
    const page = [innerWidth, scheme, document.documentElement.dataset.bsTheme].join(' ')
    return [...new Set(shown.map((one) => `${page} ${shape(one)} < ${shape(one.parentElement)}`))]
}"""

#: Of style sheets it need not read again how a page turns with the screen.
ONLY_FAULTS = {"resultTypes": ["violations"], "preload": False}

#: What was read by this process, in whatever test: the same again is not read again.
READ: set[str] = set()


class Person:
    """One person, who sits now in this seat, now in that."""

    def __init__(self, page: Page, host: str) -> None:
        self.page = page
        self.host = host
        page.set_default_timeout(PATIENCE)

    def visit(self, path: str, *, status: int = 200) -> None:
        """Type an address."""
        response = self.page.goto(self.host + path)
        assert response is not None
        assert response.status == status
        self.look()

    def sign_in(self, seat: str) -> None:
        """Take a seat by one click on the start page of the demo."""
        self.visit("/")
        seats = self.page.get_by_role("button", name=seat)
        if not seats.count():  # nothing waits for it
            self.page.get_by_text("All seats").first.click()
        seats.first.click()
        self.look()

    def sit(self, state: str, seat: str) -> None:
        """Change seats from the top of the page."""
        switch = self.page.locator(".seat-switch")
        switch.locator("summary").click()
        group = switch.locator(".seat-groups > div").filter(
            has=self.page.get_by_role("heading", name=state, exact=True)
        )
        group.get_by_role("link", name=seat, exact=True).click()
        expect(switch.locator("summary strong")).to_have_text(seat)
        self.look()

    def open_flight(self, reference: str = "TR-KZ-0001") -> None:
        """Follow the reference in the list."""
        self.page.get_by_role("link", name="Queue").or_(
            self.page.get_by_role("link", name="Requests")
        ).first.click()
        self.follow(reference)

    def follow(self, link: str, *, to: str = "TR-KZ-0001") -> None:
        """Follow a link to the page of a flight."""
        self.page.get_by_role("link", name=link).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(to)
        self.look()

    def fill(self, items: dict[str, str]) -> None:
        """Type into the items of the page, by their labels."""
        for label, text in items.items():
            items_of_page = self.page.locator("input, textarea")
            items_of_page.and_(self.page.get_by_label(label, exact=True)).fill(text)

    def press(self, move: str, told: str | None = None, **choices: Any) -> None:
        """Make a move: unfold it, fill in its items, press its button, confirm if asked."""
        self.try_to_press(move, **choices)
        if told:
            expect(self.page.get_by_role("status")).to_contain_text(told)

    def try_to_press(
        self, move: str, *, items: dict[str, str] | None = None, choose: str = ""
    ) -> None:
        """Make a move that may be refused.

        The whole page is there first: the move that a case waits for stands unfolded, and whoever
        pressed its name before the rest of the page was read would fold it.
        """
        self.page.wait_for_load_state()
        panel = self.page.get_by_role("region", name="Your moves")
        button = panel.get_by_role("button", name=move, exact=True)
        if not button.is_visible():
            panel.locator("summary").filter(has_text=move).click()
        for label, text in (items or {}).items():
            typed = panel.locator("input[type=text], textarea")
            typed.and_(panel.get_by_label(label)).locator("visible=true").fill(text)
        if choose:
            panel.get_by_label(choose, exact=True).locator("visible=true").check()
        asks = button.evaluate("(button) => button.form.dataset.confirm ?? ''")
        if asks:
            button.click()
            dialog = self.page.get_by_role("dialog", name="Please confirm")
            expect(dialog).to_contain_text(asks)
            self.look()
            button = dialog.get_by_role("button", name=move, exact=True)
        with self.page.expect_navigation():
            button.click()
        self.look()

    def look(self) -> None:
        """Read the page as an assistive technology would; nothing serious may be in the way.

        Only if something stands on it that was not read before, in this width and these colours.
        """
        self.page.wait_for_load_state()
        shapes = {*self.page.evaluate(SHAPES)}
        if shapes <= READ:
            return
        found = Axe().run(self.page, options=ONLY_FAULTS).response["violations"]
        serious = [
            f"{fault['id']} at {node['target']}: {node['failureSummary']}"
            for fault in found
            for node in fault["nodes"]
            if fault["impact"] in ("serious", "critical")
        ]
        assert not serious, f"{self.page.url}\n" + "\n".join(serious)
        READ.update(shapes)
