"""Run projects with their development and production settings, and visit them with Chromium."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

from PIL import Image
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import element_to_be_clickable
from selenium.webdriver.support.ui import WebDriverWait

from tests.support.environment import in_environment
from tests.support.production import gunicorn
from tests.support.rendering import Project
from tests.support.services import answers, find, free_port, nginx, replace, running

HOST = "api.example.com"


class Certificate:
    """A self-signed certificate for all hosts below example.com and example.org."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        options = "-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
        options += (
            " -subj /CN=example.com -addext subjectAltName=DNS:*.example.com,DNS:*.example.org"
        )
        self.openssl(f"req {options} -keyout privkey.pem -out fullchain.pem")
        public_key = self.openssl("pkey -in privkey.pem -pubout -outform DER")
        self.hash_of_key = base64.b64encode(hashlib.sha256(public_key).digest()).decode()

    def openssl(self, command: str) -> bytes:
        return subprocess.run(
            [find("openssl"), *command.split()], cwd=self.folder, check=True, capture_output=True
        ).stdout

    def context(self) -> SSLContext:
        context = SSLContext(PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "fullchain.pem", self.folder / "privkey.pem")
        return context


@contextmanager
def tls_proxy(project: Project, server: int, certificate: Certificate) -> Iterator[int]:
    """Run nginx with the lines that the README adds for HTTPS; yield the port for HTTPS."""
    (lines,) = re.findall(r"^```nginx\n(.*?)^```$", project.text("README.md"), re.DOTALL | re.M)
    port = free_port()
    lines = replace(lines, "listen 443 ", f"listen 127.0.0.1:{port} ")
    lines = lines.replace("/etc/nginx/tls", str(certificate.folder))
    with nginx(project.text("nginx.conf"), [server], listen=lines):
        yield port


@contextmanager
def production(
    project: Project, environment: Path, certificate: Certificate, **variables: str
) -> Iterator[str]:
    """Serve a project as its README says; yield the URL."""
    variables = {"SECURE_SSL_REDIRECT": "true", "ALLOWED_HOSTS": ".example.com", **variables}
    with (
        gunicorn(project, environment, **variables) as (server, _),
        tls_proxy(project, server, certificate) as port,
    ):
        yield f"https://{HOST}:{port}"


@contextmanager
def development(
    project: Project, environment: Path, **variables: str
) -> Iterator[tuple[str, Callable[..., None]]]:
    """
    Run Django's development server; yield the URL and a function that runs a command.

    The database must exist.
    """
    env = in_environment(environment, {"DEBUG": "true", **variables})

    def manage(*command: str) -> None:
        subprocess.run(["python", "manage.py", *command], cwd=project.path, env=env, check=True)

    port = free_port()
    server = ["python", "manage.py", "runserver", "--noreload", str(port)]
    with running(server, partial(answers, port), cwd=project.path, env=env):
        yield f"http://localhost:{port}", manage


@contextmanager
def chromium(certificate: Certificate) -> Iterator[Browser]:
    """Run Chromium. All hosts below example.com and example.org are on this machine."""
    options = ChromeOptions()
    options.binary_location = find("chromium")
    for argument in (
        "headless",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        "no-proxy-server",
        "hide-scrollbars",
        # Without HSTS, Chromium itself would try HTTPS first.
        "disable-features=HttpsUpgrades",
        # Ignoring all certificate errors would also ignore the HSTS header.
        f"ignore-certificate-errors-spki-list={certificate.hash_of_key}",
        "host-resolver-rules=MAP *.example.com 127.0.0.1, MAP *.example.org 127.0.0.1",
        "window-size=1280,1024",
    ):
        options.add_argument(f"--{argument}")
    # Allow third-party cookies, as the README requires for a front end on another site.
    options.add_experimental_option("prefs", {"profile.cookie_controls_mode": 0})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with Chrome(options, ChromeService(find("chromedriver"))) as driver:
        yield Browser(driver)


class Browser:
    """Chromium, as a person uses it: every action waits for its element."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        self.wait = WebDriverWait(driver, 20, poll_frequency=0.05)

    def reset(self) -> None:
        """Forget all cookies and messages of the console."""
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.console()

    def console(self) -> list[str]:
        """Return the new warnings and errors of the console, such as violations of the CSP."""
        log = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in log if entry["level"] in ("WARNING", "SEVERE")]

    def open(self, url: str) -> None:
        self.driver.get(url)

    def find(self, selector: str) -> WebElement:
        return self.wait.until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector))

    def exists(self, selector: str) -> bool:
        return bool(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def click(self, selector: str) -> None:
        self.wait.until(element_to_be_clickable((By.CSS_SELECTOR, selector))).click()

    def find_text(self, text: str) -> WebElement:
        """Return the innermost element with a text."""
        path = f"//*[normalize-space()='{text}'][not(*[normalize-space()='{text}'])]"
        return self.wait.until(lambda driver: driver.find_element(By.XPATH, path))

    def click_text(self, text: str) -> None:
        self.wait.until(element_to_be_clickable(self.find_text(text))).click()

    def screenshot(self, width: int, height: int | None = None) -> bytes:
        """Return a picture of a window of this size, by default as high as the page."""
        send = self.driver.execute_cdp_cmd
        window = {"width": width, "height": height or 0, "deviceScaleFactor": 2, "mobile": False}
        send("Emulation.setDeviceMetricsOverride", window)
        if height is None:
            script = "return document.documentElement.getBoundingClientRect().height"
            window["height"] = round(self.driver.execute_script(script))
            send("Emulation.setDeviceMetricsOverride", window)
        picture = send("Page.captureScreenshot", {})["data"]
        send("Emulation.clearDeviceMetricsOverride", {})
        return with_few_colors(base64.b64decode(picture))

    def run(self, script: str, *arguments: object) -> Any:
        """Run a script, which calls its last argument with the result."""
        return self.driver.execute_async_script(script, *arguments)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.type(f"[name={name}]", value)

    def type(self, selector: str, value: str) -> None:
        """Replace the text of a field, at once, because Swagger UI is slow after each key."""
        self.find(selector).send_keys(Keys.CONTROL, "a")
        self.driver.execute_cdp_cmd("Input.insertText", {"text": value})


def with_few_colors(picture: bytes) -> bytes:
    """Return a PNG with fewer colors, so that the file is smaller."""
    smaller = BytesIO()
    image = Image.open(BytesIO(picture)).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    image.save(smaller, "PNG", optimize=True)
    return smaller.getvalue()


class SwaggerUI:
    """The page of the API documentation."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser = browser
        browser.open(f"{site}/api/docs/")
        browser.find(".opblock")

    def authorize(self, keyword: str, secret: str, header: str = "Authorization") -> None:
        """Enter credentials: with the keyword, unless Swagger UI adds it itself."""
        self.browser.click(".auth-wrapper > .authorize")
        self.browser.find(".auth-container")
        forms = self.browser.driver.find_elements(By.CSS_SELECTOR, ".auth-container")
        (form,) = (
            form for form in forms if f"Name: {header}" in form.text or "Bearer" in form.text
        )
        keyword = "" if "Bearer" in form.text else keyword
        field = form.find_element(By.CSS_SELECTOR, "input")
        field.send_keys(f"{keyword} {secret}".strip())
        form.find_element(By.CSS_SELECTOR, "button.authorize").click()
        form.find_element(By.CSS_SELECTOR, ".btn-done").click()

    def send(self, method: str, path: str, data: object = None) -> tuple[int, Any]:
        """Execute an operation with its form; return the status and the body of the response."""
        operation = f'.opblock-{method.lower()}:has([data-path="{path}"])'
        if not self.browser.exists(f"{operation} .try-out__btn"):
            self.browser.click(f"{operation} .opblock-summary-control")
            self.browser.click(f"{operation} .try-out__btn")
        if data is not None:
            self.browser.type(f"{operation} .body-param__text", json.dumps(data))
        if self.browser.exists(f"{operation} .btn-clear"):
            self.browser.click(f"{operation} .btn-clear")
        self.browser.click(f"{operation} .execute")
        response = f"{operation} .live-responses-table .response"
        status = int(self.browser.find(f"{response} .response-col_status").text.split()[0])
        body = f"{response} .highlight-code > .microlight"
        text = self.browser.find(body).text if self.browser.exists(body) else "null"
        return status, json.loads(text)
