"""The report as people see it, in a real browser: `make test-report`."""

import os
import shutil
from pathlib import Path
from urllib.parse import unquote, urlparse

import cv2
import numpy as np
import pytest

from bake.batch.journal import DONE, FAILED, Entry
from bake.batch.report import HTML_NAME, write_report

pytestmark = pytest.mark.browser

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_NAMES = ("walk", "an odd # name, 100% & <b>bold", "踊り")


@pytest.fixture(scope="module")
def browser():
    """Return a Chromium that is installed on this machine."""
    found = os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if not found:
        pytest.skip("no Chromium: apt-get install chromium, or say where one is in BROWSER_PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Return the report of three clips that are done and one that is not."""
    folder = tmp_path_factory.mktemp("results")
    entries = [_done(folder, name) for name in _NAMES]
    sentence = "</p><script>window.ran = true</script> is not a video that can be read."
    entries.append(Entry("4", "broken", Path("/clips/broken.mp4"), FAILED, 3, _failed(sentence)))
    write_report(folder, entries)
    return folder / HTML_NAME


def _failed(sentence):
    return {"sentence": sentence, "kind": "clip", "log": "logs/broken.log"}


def _done(folder, name):
    own = folder / name
    own.mkdir()
    pictures = []
    for number in range(1, 5):
        clip, result = own / f"clip_{number:02d}.jpg", own / f"picture_{number:02d}.png"
        cv2.imwrite(str(clip), np.full((90, 160, 3), 40 * number, np.uint8))
        cv2.imwrite(str(result), np.full((90, 160, 4), 60, np.uint8))
        pictures.append([str(path.relative_to(folder)) for path in (clip, result)])
    (folder / f"{name}.blend").write_bytes(b"blend")
    person = {"file": "person_01.npz", "seen": 0.97, "confidence": 0.81}
    return Entry(
        name,
        own.name,
        Path(f"/clips/{name}.mp4"),
        DONE,
        1,
        {
            "seconds": 61.0,
            "duration": 12.5,
            "people": [person | {"doubtful": [["left hand", 1.0, 2.5]]}],
            "warnings": ["The camera turns."],
            "files": [own.name, f"{own.name}.blend"],
            "pictures": pictures,
        },
    )


def _open(browser, report, width, height, scheme="light"):
    """Open the report, look at all of it; return the page, and what was said and asked for."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(request.url))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
    page.wait_for_function("Array.from(document.images).every(each => each.complete)")
    return page, said, asked


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (375, 700)])
def test_every_clip_and_picture_is_shown_and_nothing_comes_from_elsewhere(
    browser, report, width, height
):
    page, said, asked = _open(browser, report, width, height)
    assert not said
    assert {urlparse(each).scheme for each in asked} == {"file"}
    assert page.locator("article").count() == 4
    assert page.locator("article.failed").count() == 1
    # Four moments of three clips: the clip, and the clip again with the result over it.
    sizes = page.locator("img").evaluate_all("all => all.map(each => each.naturalWidth)")
    assert len(sizes) == 3 * 4 * 3 and set(sizes) == {160}
    over, under = (page.locator(each).first.bounding_box() for each in ("img.over", "img[alt='']"))
    assert over == under
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.close()


def test_names_and_sentences_are_text_and_links_lead_to_files(browser, report):
    page, said, _ = _open(browser, report, 1280, 800)
    assert not said and page.evaluate("window.ran === undefined")
    assert page.locator("h2").all_inner_texts() == [*_NAMES, "broken"]
    assert "</p><script>" in page.locator("p.error").inner_text()
    links = page.locator("a").evaluate_all("all => all.map(each => each.href)")
    assert len(links) == 6
    assert all(Path(unquote(urlparse(each).path)).exists() for each in links)
    page.close()


def test_the_report_is_dark_where_the_system_is(browser, report):
    colours = []
    for scheme in ("light", "dark"):
        page, _, _ = _open(browser, report, 1280, 800, scheme)
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert colours[0] != colours[1]
