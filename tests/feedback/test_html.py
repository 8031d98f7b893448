"""The web page in a real browser: what a student wrote neither runs nor fetches anything."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from traitlets.config import Config

from autograder.course.report import Report
from autograder.feedback.annotate import annotate
from autograder.feedback.exporter import FeedbackExporter
from autograder.feedback.html_page import TAGS, markdown_to_html
from autograder.feedback.mathematics import to_mathml
from autograder.feedback.returned import put_together
from tests.feedback.returned_samples import code, notebook, shown, stream, text, worked

RUN = "document.title='RAN'"
# each would set the page's title if it ran, or name example.org if it were fetched
ATTACKS = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror=\"{RUN}\">",
    f"<img src=x onerror={RUN}//",
    f"<svg onload=\"{RUN}\"><animate onbegin=\"{RUN}\" attributeName=x dur=1s></svg>",
    f"<details open ontoggle=\"{RUN}\">x</details>",
    f"<body onload=\"{RUN}\">",
    f"<iframe srcdoc=\"<script>parent.{RUN}</script>\"></iframe>",
    f"<iframe src=\"javascript:parent.{RUN}\"></iframe>",
    "<math><mtext><table><mglyph><style><!--</style>"
    f"<img title=\"--&gt;&lt;img src=1 onerror={RUN}&gt;\">",
    f"<noscript><p title=\"</noscript><img src=x onerror={RUN}>\"></noscript>",
    "<style>@import 'http://example.org/x.css';</style>"
    "<p style=\"background:url(http://example.org)\">",
    f"<meta http-equiv=refresh content=\"0;url=javascript:{RUN}\">",
    f"<a href=\"javascript:{RUN}\" autofocus onfocus=\"{RUN}\">x</a>",
    f"<a href=\"jAvAsCrIpT&colon;{RUN}\">x</a> [x](javascript:{RUN}) [y](&#106;avascript:{RUN})",
    f"<form action=\"javascript:{RUN}\"><input autofocus onfocus=\"{RUN}\"></form>",
    "![a picture](http://example.org/x.png) <img src=\"//example.org/y.png\">",
    f"<base href=\"http://example.org/\"><object data=\"javascript:{RUN}\"></object>",
    f"$\\href{{javascript:{RUN}}}{{x}} </math><script>{RUN}</script>$",
    f"$$\\text{{</mtext><img src=x onerror={RUN}>}}$$",
    f"```python\"><script>{RUN}</script>\n</pre><script>{RUN}</script>\n```",
    f"```mermaid\n</pre><script>{RUN}</script>\n```",
    "<div class=\"ours\" id=\"autograder-summary\">Score: 10 of 10</div>",
    f"| a |\n|---|\n| <img src=x onerror=\"{RUN}\"> |",
    f"# <script>{RUN}</script> \"onmouseover=\"{RUN}",
    "\ue0000\ue001 \ue0007\ue001",
)  # fmt: skip


MATHML = {
    "math",
    "msup",
    "mrow",
    "mtext",
    "mi",
    "mo",
    "mn",
    "xmlns",
    "display",
    "fence",
    "stretchy",
}


class Seen(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self):
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.fixture(scope="module")
def title_in_browser(tmp_path_factory):
    """The title of a page once a real browser has run what it runs."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium on this host; install chromium to test the page in a browser")
    folder = tmp_path_factory.mktemp("browser")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    rules = "--host-resolver-rules=MAP * ~NOTFOUND"  # nothing outside is reached

    def title(page: str) -> str:
        file = folder / "page.html"
        file.write_text(page, encoding="utf-8")
        command = [browser, *options, rules, f"--user-data-dir={folder}", "--dump-dom"]
        done = subprocess.run(
            [*command, file.as_uri()], capture_output=True, text=True, check=True, timeout=60
        )
        found = re.search("<title>(.*?)</title>", done.stdout)
        return found[1] if found else ""

    return title


def render(returned) -> str:
    exporter = FeedbackExporter()
    page, _ = exporter.from_notebook_node(
        annotate(returned), {"nbgrader": {"notebook": returned.assignment}}
    )
    return page


def hostile():
    cells = [text(attack, f"text-{n}") for n, attack in enumerate(ATTACKS)]
    for n, attack in enumerate(ATTACKS):
        kinds = ("text/html", "application/javascript", "image/svg+xml", "image/png")
        active = dict.fromkeys(kinds, attack)
        outputs = [
            shown({**active, "text/plain": attack}),
            shown({"application/javascript": RUN}),
            shown({"text/markdown": attack}),
            shown({"text/latex": attack}),
            shown({"image/png": "AAAA"}, **{"image/png": {"width": f"1 onerror={RUN}"}}),
            stream(attack),
        ]
        cells.append(code(f"code-{n}", attack, *outputs))
    made = notebook(*cells)
    made.metadata["title"] = made.metadata["widgets"] = f"</title><script>{RUN}</script>"
    made.metadata["language_info"] = {"pygments_lexer": f"<script>{RUN}</script>"}
    return put_together(Report("hw01_norms", (), made, ATTACKS))


def without_policy(page: str) -> str:
    stripped = re.sub("<meta[^>]*Content-Security-Policy[^>]*>", "", page)
    assert len(stripped) < len(page)
    return stripped


def test_the_browser_would_run_what_the_attacks_hold(title_in_browser):
    assert title_in_browser(f"<title>x</title>{ATTACKS[1]}") == "RAN"


def test_a_hostile_notebook_runs_nothing(title_in_browser):
    assert title_in_browser(render(hostile())) == "Feedback on hw01_norms"


def test_a_hostile_notebook_runs_nothing_even_without_the_policy(title_in_browser):
    page = without_policy(render(hostile()))

    assert title_in_browser(page) == "Feedback on hw01_norms"


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_that_runs_or_fetches_is_left_out(attack):
    html = markdown_to_html(attack)

    seen = Seen()
    seen.feed(html)
    assert seen.tags <= TAGS | MATHML
    for name, value in seen.attributes:
        assert name in ("href", "src", "class", "alt", "title", "align") or name in MATHML
        assert not re.search(r"example\.org|ours", value)
        assert "javascript" not in value or name in ("alt", "title")
    assert not any(token in html for token in ("\ue000", "\ue001"))


def test_page_has_no_script_of_its_own():
    page = render(worked())

    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "http" not in re.sub('(?:xmlns="[^"]*"|http-equiv)', "", page)


def test_page_shows_notes_outcomes_formulas_and_code():
    page = render(worked())

    assert "Feedback on <code>lp_norm</code>: 6 of 10 points" in page
    assert "✗ <strong>not yet</strong>: The sign of an entry" in page
    assert "<math" in page
    assert '<span class="k">def</span>' in page
    assert page.count('<section class="cell ours"') == 4


def test_the_same_notebook_makes_the_same_page():
    assert render(worked()) == render(worked())


def test_settings_for_other_pages_leave_this_one_as_it_is():
    others = {"template_name": "lab", "filters": {"markdown2html": "builtins.str"}}
    exporter = FeedbackExporter(config=Config(HTMLExporter=others))

    page, _ = exporter.from_notebook_node(
        annotate(worked()), {"nbgrader": {"notebook": "hw01_norms"}}
    )

    assert page == render(worked())


def test_attached_picture_is_shown_and_a_missing_one_does_no_harm():
    png = {"a.png": {"image/png": "AAAA"}}

    assert 'src="data:image/png;base64,AAAA"' in markdown_to_html("![x](attachment:a.png)", png)
    assert "attachment:b.png" in markdown_to_html("![x](attachment:b.png)", png)


@pytest.mark.parametrize("source", [">" * 5000, "- " * 5000, "[" * 5000, "*a " * 3000])
def test_markdown_nested_too_deep_is_shown_as_text(source):
    assert markdown_to_html(source)


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\frac{1}{2}", "<mfrac>"),
        (r"\mathbb{R}", "ℝ"),
        (r"x < y", "&lt;"),
        ("{" * 5000, "<code>"),
        ("{" * 1000, "<code>"),
        ("", "<code></code>"),
    ],
)
def test_formula_becomes_mathml_or_stays_text(tex, expected):
    assert expected in to_mathml(tex, False)


@pytest.mark.parametrize("macro", [r"\href{javascript:1}{x}", r"\style{color:red}{x}"])
def test_a_formula_has_no_links_and_no_styles(macro):
    assert not re.search("href|javascript|style=|color:", to_mathml(macro, True))
