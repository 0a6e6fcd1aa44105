"""Serves the folder `site` to this machine alone, and opens the browser. Python 3.6 or newer, nothing else."""

import http.server
import os
import socketserver
import webbrowser

HERE = os.path.dirname(os.path.abspath(__file__))
SITE = os.path.join(HERE, "..", "site")
# The one that is free is taken. The same one each time, if it can be: what the browser keeps belongs to it.
PORTS = [int(os.environ["CLOZE_PORT"])] if "CLOZE_PORT" in os.environ else [*range(4173, 4183), 0]

with open(os.path.join(HERE, "headers.txt"), encoding="utf-8") as lines:
    HEADERS = [line.strip().split(": ", 1) for line in lines if line.strip()]


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # The system's own table may say otherwise, or nothing.
    extensions_map = {
        "": "application/octet-stream",
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
    }

    def translate_path(self, path):
        # `directory` of the handler is not in Python 3.6.
        inside = os.path.relpath(super().translate_path(path), os.getcwd())
        return os.path.join(SITE, inside) + ("/" if path.split("?")[0].endswith("/") else "")

    def end_headers(self):
        for name, value in HEADERS:
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = os.name == "posix"

    def handle_error(self, *_):
        """The browser left: that is no error."""


def serve():
    for port in PORTS:
        try:
            server = Server(("127.0.0.1", port), Handler)
        except OSError:
            continue
        address = "http://127.0.0.1:%d/" % server.server_address[1]
        print("Cloze is at %s\nClosing this window stops it." % address, flush=True)
        webbrowser.open(address)
        server.serve_forever()
    raise SystemExit("No port is free.")


try:
    serve()
except KeyboardInterrupt:
    pass
