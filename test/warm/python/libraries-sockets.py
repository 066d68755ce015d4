#!/usr/bin/python3
import http.server
import socket
import threading
import urllib.error
import urllib.request
print("Content-Type: text/plain\n")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"by an own server: " + self.path.encode())

    def log_message(self, *words):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(urllib.request.urlopen("http://127.0.0.1:%d/page" % server.server_port).read())
server.shutdown()
server.server_close()
print(socket.socketpair()[0].family, socket.getdefaulttimeout(), socket.gethostname() != "")
