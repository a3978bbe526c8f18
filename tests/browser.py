"""A headless Chromium for tests, spoken to in its own protocol over a pipe: no driver, nothing to install but the browser."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FLAGS = """
    --headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update
    --disable-sync --disable-extensions --disable-dev-shm-usage --hide-scrollbars --remote-debugging-pipe
""".split()
KEYS = {
    "Enter": 13,
    "Escape": 27,
    "Tab": 9,
    "Home": 36,
    "End": 35,
    "PageDown": 34,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
}
PIPES = """
import fcntl, os, sys
high = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3]]
for number, wanted in zip(high, (3, 4)):  # where Chromium expects them
    os.dup2(number, wanted)
os.execv(sys.argv[3], sys.argv[3:])
"""
PATIENCE = 30.0  # seconds; CI machines stall, and waiting longer costs only failures


class Browser:
    """One browser process; messages are JSON, each ended by a zero byte."""

    def __init__(self, executable: str) -> None:
        self.profile = tempfile.mkdtemp(prefix="chromium-")
        down, self._out = os.pipe()
        self._in, up = os.pipe()
        command = [
            sys.executable,
            "-c",
            PIPES,
            str(down),
            str(up),
            executable,
            *FLAGS,
            f"--user-data-dir={self.profile}",
            "about:blank",
        ]
        self._process = subprocess.Popen(
            command, pass_fds=(down, up), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(down)
        os.close(up)
        self._buffer, self._last, self.events = b"", 0, []

    def call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        self._last += 1
        number = self._last
        message = {"id": number, "method": method, "params": params, **({"sessionId": session} if session else {})}
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
            self.events.append(answer)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            assert select.select([self._in], [], [], PATIENCE)[0], "the browser does not answer"
            data = os.read(self._in, 1 << 20)
            assert data, "the browser has gone"
            self._buffer += data
        text, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(text)

    def page(self, width: int = 1280, height: int = 900, scheme: str = "light") -> Page:
        return Page(self, width, height, scheme)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self.profile, ignore_errors=True)


class Page:
    def __init__(self, browser: Browser, width: int, height: int, scheme: str) -> None:
        self.browser = browser
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Performance.enable", timeDomain="threadTicks")
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.call("Emulation.setEmulatedMedia", features=features)

    def __enter__(self) -> Page:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.call("Target.closeTarget", targetId=self.target)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self.browser.call(method, self.session, **params)

    def goto(self, path: Path, fragment: str = "") -> Page:
        self.browser.events.clear()
        self.call("Page.navigate", url=path.resolve().as_uri() + fragment)
        self.wait(
            f"location.protocol === 'file:' && document.readyState === 'complete' && location.pathname.endsWith({json.dumps(path.as_uri()[-20:])})"
        )
        self("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return self

    def __call__(self, expression: str) -> Any:
        """The value of an expression of JavaScript, awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, f"{expression}: {answer['exceptionDetails']}"
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        end = time.monotonic() + PATIENCE
        while not self(f"Boolean({condition})"):
            assert time.monotonic() < end, f"never: {condition}"
            time.sleep(0.02)

    def click(self, selector: str, index: int = 0) -> None:
        """A real click of the mouse at the middle of an element."""
        place = self(
            f"(() => {{ const e = document.querySelectorAll({json.dumps(selector)})[{index}]; e.scrollIntoView({{block: 'center'}});"
            " const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def press(self, key: str, times: int = 1) -> None:
        """A real key stroke: a name from KEYS or a character."""
        text = {"Enter": "\r"}.get(key, "" if key in KEYS else key)
        code = KEYS.get(key, ord(key[0].upper()))
        for _ in range(times):
            self.call(
                "Input.dispatchKeyEvent",
                type="keyDown" if text else "rawKeyDown",
                key=key,
                text=text,
                windowsVirtualKeyCode=code,
            )
            self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def type(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def choose(self, selector: str, value: str) -> None:
        """One of the values of a select, as a user does."""
        self(
            f"(() => {{ const box = document.querySelector({json.dumps(selector)}); box.value = {json.dumps(value)};"
            " box.dispatchEvent(new Event('change', { bubbles: true })); })()"
        )

    def texts(self, selector: str) -> list[str]:
        return self(f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.textContent)")

    def main_thread_seconds(self) -> float:
        """CPU time of the page's main thread: what the clock says without the neighbours' noise."""
        self.call("Runtime.evaluate", expression="0")
        return {row["name"]: row["value"] for row in self.call("Performance.getMetrics")["metrics"]}["TaskDuration"]

    def complaints(self) -> list[str]:
        """Errors, warnings and exceptions since goto()."""
        self("0")
        found = []
        for event in self.browser.events:
            kind, params = event.get("method"), event.get("params", {})
            if kind == "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                found.append(details.get("exception", {}).get("description") or details["text"])
            elif kind == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
                found.append(str(params["args"]))
            elif kind == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                found.append(params["entry"]["text"])
        return found

    def requests(self) -> list[str]:
        """Addresses asked for since goto(), the page's own included."""
        self("0")
        return [
            event["params"]["request"]["url"]
            for event in self.browser.events
            if event.get("method") == "Network.requestWillBeSent"
        ]
