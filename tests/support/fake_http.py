"""An HTTP server on loopback whose answers a function makes: for registries that refuse, contradict, stall or break off.

Example:
    with FakeHttp(lambda request, body: (401, {"message": "who are you?"})) as fake:
        run("check", folder, "--against", fake.url)

The function gets the request (command, path, headers, wfile) and its body, and answers the status, a body (bytes, or
a value that is sent as JSON) and, where it likes, headers; None ends the connection.

Tested by tests/e2e/against.py.
"""

import http.client
import http.server
import json
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one piece

    def do_GET(self):
        found = self.server.answer(self, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.close_connection = self.close_connection or found is None
        if found is None:
            return
        status, body, *headers = found
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": len(body),
                            **dict(*headers)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_):
        pass


class FakeHttp(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, *about):
        if not isinstance(sys.exc_info()[1], OSError):  # that would be a client that has gone
            super().handle_error(*about)

    def close(self):
        self.shutdown()
        self.server_close()

    def __exit__(self, *_):
        self.close()


def pass_on(port, request, body):
    """The status and body that another server on loopback answers."""
    behind = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        behind.request(request.command, request.path, body or None,
                       {"Content-Type": request.headers.get("Content-Type", "application/json")})
        answer = behind.getresponse()
        return answer.status, answer.read()
    finally:
        behind.close()
