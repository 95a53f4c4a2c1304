"""A hand on the mouse inside a real Blender: finds buttons, presses them, waits, asks for pictures.

Imported by scenarios that Blender runs with `--python`. A scenario is a generator that yields the
seconds to wait; Blender's own timer drives it, so that Blender draws and works in between as it
does for anyone.
"""

import importlib
import json
import time
import traceback
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

bpy: Any = importlib.import_module("bpy")

Scenario = Generator[float, None, None]

_ROW = 16  # pixels between two places where a button is looked for; one is 20 high
_COLUMNS = (0.25, 0.75)  # of the sidebar's width
_EDGE = (0.82,)  # likewise, where the small buttons beside a list are
_HEADER = 26  # pixels from one closed panel to the next
_SETTLE = 0.03  # seconds until Blender has noticed the mouse
_SURE = 0.4  # seconds after which it has for certain
_TICK = 0.03
_LONGEST = 3
_MARGIN = 8  # pixels of the sidebar's edge without anything on it


class Failed(Exception):
    """Something did not come to pass."""


@dataclass
class Hand:
    """The mouse, the eyes and the notes of one scenario.

    Parameters
    ----------
    folder : Path
        Where pictures are asked for and notes are left.
    """

    folder: Path
    notes: dict[str, object] = field(default_factory=dict)

    @property
    def window(self) -> Any:
        """The one window."""
        return bpy.context.window_manager.windows[0]

    @property
    def view(self) -> Any:
        """The 3D View."""
        return next(area for area in self.window.screen.areas if area.type == "VIEW_3D")

    def region(self, kind: str) -> Any:
        """Return a region of the 3D View, such as UI for the sidebar."""
        return next(region for region in self.view.regions if region.type == kind)

    def in_view(self) -> Any:
        """Return the context in which operators of the 3D View work."""
        return bpy.context.temp_override(
            window=self.window, area=self.view, region=self.region("WINDOW")
        )

    def open_tab(self, name: str) -> Scenario:
        """Open a tab of the sidebar."""
        self.view.spaces.active.show_region_ui = True
        yield 0.3
        self.region("UI").active_panel_category = name
        yield 0.3

    def rest(self) -> Scenario:
        """Move the mouse into the 3D View, where it is in no button's way."""
        self._move(*self._resting_place)
        yield 0.3

    @property
    def _resting_place(self) -> tuple[int, int]:
        return self.view.x + self.view.width // 3, self.view.y + self.view.height // 5

    def press_button(
        self, operator: str, times: int = 1, *, last: bool = False, edge: bool = False
    ) -> Scenario:
        """Look for the button of an operator in the sidebar from above, and press it.

        Parameters
        ----------
        operator : str
        times : int
        last : bool
            Look from the right instead of from the left: for the last of a row.
        edge : bool
            Look at the right edge only: for the small buttons beside a list.

        Raises
        ------
        Failed
            When it is nowhere in the sidebar.
        """
        columns = _EDGE if edge else tuple(reversed(_COLUMNS)) if last else _COLUMNS
        if (yield from self._pressed(operator, times, columns)):
            return
        # Elsewhere in the sidebar, which begins at its top.
        yield from self.to_the_top()
        for _ in range(10):
            if (yield from self._pressed(operator, times, columns)):
                return
            yield from self.scroll(8, beside_lists=True)
        raise Failed(f"The button of {operator} is not in the sidebar.")

    def open_panel(self, operator: str, *, below: str) -> Scenario:
        """Open the panel that holds a button, one of the closed ones below another button.

        Those that turn out to hold something else are closed again.

        Raises
        ------
        Failed
            When it is in none of them.
        """
        yield from self.to_the_top()
        place = yield from self._found(below, _COLUMNS)
        if place is None:
            raise Failed(f"The button of {below} is not in the sidebar.")
        x, y = self.region("UI").x + 60, place[1]
        for number in range(1, 7):
            for _ in range(2):
                yield from self._press(x, y - 10 - number * _HEADER)
                yield _SURE
                if (yield from self._found(operator, _COLUMNS)):
                    return
        raise Failed(f"The button of {operator} is in none of the panels below {below}.")

    def _pressed(
        self, operator: str, times: int, columns: tuple[float, ...]
    ) -> Generator[float, None, bool]:
        """Press a button if it is in sight, and tell whether it was."""
        place = yield from self._found(operator, columns)
        if place is None:
            return False
        x, y = place
        for _ in range(times):
            yield from self._press(x, y - 2)
            yield _SURE
        return True

    def _found(
        self, operator: str, columns: tuple[float, ...]
    ) -> Generator[float, None, tuple[int, int] | None]:
        """Return where a button is if it is in sight."""
        region, called = self.region("UI"), f"bpy.ops.{operator}("
        for part in columns:
            x = region.x + int(region.width * part)
            for y in range(region.y + region.height - 20, region.y, -_ROW):
                self._move(x, y)
                yield _SETTLE
                if not self._under_mouse().startswith(called):
                    continue
                # A busy Blender may still tell of the place where the mouse was before.
                for again in (y, y + _ROW):
                    self._move(x, again)
                    yield _SURE
                    if self._under_mouse().startswith(called):
                        return x, again
        return None

    def in_workspace(self, name: str, picture: str) -> Scenario:
        """Take a picture in another workspace, and come back."""
        before = self.window.workspace
        self.window.workspace = bpy.data.workspaces[name]
        yield 2.0
        yield from self.picture(picture)
        self.window.workspace = before
        yield 1.0

    def to_the_top(self) -> Scenario:
        """Show the sidebar from its beginning."""
        region = self.region("UI")
        place = {"x": region.x + _MARGIN, "y": region.y + region.height // 2}
        self._move(**place)
        yield _SURE
        for value in ("PRESS", "RELEASE"):
            self.window.event_simulate(type="HOME", value=value, **place)
            yield _SETTLE
        yield _SURE

    def scroll(self, steps: int, *, beside_lists: bool = False) -> Scenario:
        """Turn the wheel over the sidebar, downwards, or upwards by a negative number.

        Parameters
        ----------
        steps : int
        beside_lists : bool
            At the sidebar's edge: over a list the wheel turns that.
        """
        region = self.region("UI")
        across = _MARGIN if beside_lists else region.width // 2
        place = {"x": region.x + across, "y": region.y + region.height // 2}
        kind = "WHEELDOWNMOUSE" if steps > 0 else "WHEELUPMOUSE"
        for _ in range(abs(steps)):
            self.window.event_simulate(type=kind, value="PRESS", **place)
            yield 0.05

    def narrow_sidebar(self, width: int) -> Scenario:
        """Drag the edge of the sidebar until it is about so wide, in pixels."""
        region = self.region("UI")
        x, y = region.x, region.y + region.height // 2
        self._move(x + 2, y)
        yield _SURE
        self._move(x, y)
        yield _SURE
        self.window.event_simulate(type="LEFTMOUSE", value="PRESS", x=x, y=y)
        yield _SETTLE
        target = x + region.width - width
        for step in range(1, 11):
            self._move(x + (target - x) * step // 10, y)
            yield _SETTLE
        self.window.event_simulate(type="LEFTMOUSE", value="RELEASE", x=target, y=y)
        yield _SURE

    def strike(self, key: str) -> Scenario:
        """Strike a key over the 3D View."""
        yield from self.rest()
        x, y = self._resting_place
        for value in ("PRESS", "RELEASE"):
            self.window.event_simulate(type=key, value=value, x=x, y=y)
            yield _SETTLE

    def wait(self, what: str, happened: Callable[[], bool], seconds: float) -> Scenario:
        """Wait until something has happened.

        Raises
        ------
        Failed
            When it has not within so many seconds.
        """
        end = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > end:
                raise Failed(f"Within {seconds} s it did not happen that {what}.")
            yield 0.02

    def picture(self, name: str) -> Scenario:
        """Ask the shell around Blender for a picture of the screen, and wait for it."""
        yield 0.3
        (self.folder / f"{name}.request").touch()
        done = self.folder / f"{name}.png"
        yield from self.wait(f"{done.name} was taken", done.exists, 120)

    def move(self, x: int, y: int) -> Scenario:
        """Move the mouse to a place of the window."""
        self._move(x, y)
        yield _SETTLE

    def _move(self, x: int, y: int) -> None:
        self.window.event_simulate(type="MOUSEMOVE", value="NOTHING", x=x, y=y)

    def _press(self, x: int, y: int) -> Scenario:
        self._move(x, y)
        yield _SETTLE
        for value in ("PRESS", "RELEASE"):
            self.window.event_simulate(type="LEFTMOUSE", value=value, x=x, y=y)
            yield _SETTLE

    def _under_mouse(self) -> str:
        """Return what the button under the mouse would call, as Blender itself tells it."""
        manager = bpy.context.window_manager
        manager.clipboard = ""
        with bpy.context.temp_override(
            window=self.window, area=self.view, region=self.region("UI")
        ):
            if bpy.ops.ui.copy_python_command_button.poll():
                bpy.ops.ui.copy_python_command_button()
        return str(manager.clipboard)


class Gaps:
    """Measures how long Blender was away: the longest gap between two ticks that each redraw.

    What is drawn again each time is the sidebar, which shows the progress. A whole 3D View would
    measure how slowly a machine without a graphics card draws it. Beside the time that passed, a
    gap is given without the time in which Blender waited for a core that other programs had.
    """

    def __init__(self, hand: Hand, stage: Callable[[], str] = str) -> None:
        self._hand, self._stage = hand, stage
        self._passed: list[tuple[float, float, str]] = []
        self._last, self._waited = time.perf_counter(), _seconds_without_core()
        self._timer = self._tick
        bpy.app.timers.register(self._timer)

    def stop(self) -> dict[str, Any]:
        """End measuring; return median and longest gaps in milliseconds, and what went on then."""
        self._tick()  # Blender may not have come back even once
        bpy.app.timers.unregister(self._timer)
        ordered = sorted(self._passed, reverse=True)
        return {
            "longest_ms": round(ordered[0][0] * 1000),
            "own_longest_ms": round(max(own for _, own, _ in ordered) * 1000),
            "median_ms": round(ordered[len(ordered) // 2][0] * 1000),
            "ticks": len(ordered),
            "longest": [
                f"{gap * 1000:.0f} ms, {own * 1000:.0f} of its own: {stage}"
                for gap, own, stage in ordered[:_LONGEST]
            ],
        }

    def _tick(self) -> float:
        now, waited = time.perf_counter(), _seconds_without_core()
        gap = now - self._last
        self._passed.append((gap, gap - (waited - self._waited), self._stage()))
        self._last, self._waited = now, waited
        self._hand.region("UI").tag_redraw()
        return _TICK


def _seconds_without_core() -> float:
    """Return how long this thread has been ready to run without a core to run on (Linux)."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9


def play(scenario: Scenario, hand: Hand) -> None:
    """Let Blender's timer drive a scenario; at its end leave `notes.json` and quit.

    Without a graphics card smooth edges are half of all the work of drawing: they are for those who
    look at the pictures, and made where `FOLDER/smooth` is.
    """
    if not (hand.folder / "smooth").exists():
        bpy.context.preferences.system.viewport_aa = "OFF"

    def tick() -> float | None:
        nonlocal scenario
        try:
            return next(scenario)
        except StopIteration:
            hand.notes.setdefault("outcome", "done")
        except Exception as error:
            said = str(error) if isinstance(error, Failed) else traceback.format_exc()
            if "outcome" not in hand.notes:  # else there is no picture of it
                hand.notes["outcome"] = said
                scenario = hand.picture("failed")
                return 0.0
        (hand.folder / "notes.json").write_text(json.dumps(hand.notes, indent=1), encoding="utf-8")
        bpy.app.timers.register(_quit, first_interval=0.1)
        return None

    bpy.app.timers.register(tick, first_interval=1.0)


def _quit() -> None:
    bpy.ops.wm.quit_blender()
