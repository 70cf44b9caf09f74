"""A collector of OpenTelemetry on this machine, which keeps the spans it is sent over HTTP."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector(ThreadingHTTPServer):
    """Keeps the spans it is sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Receive)
        self.spans, self.resources = [], []


class _Receive(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.server.resources.append(plain(group.resource.attributes))
            self.server.spans += [span for scope in group.scope_spans for span in scope.spans]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def plain(attributes):
    return {one.key: one.value.string_value or one.value.int_value for one in attributes}


@contextmanager
def collecting():
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
