#!/usr/bin/python3
import base64
import gzip
import hashlib
import hmac
import io
import pickle
import struct
import zipfile
import zlib
print("Content-Type: text/plain\n")
print(zlib.crc32(b"abc"), gzip.decompress(gzip.compress(b"abc", mtime=0)), base64.b64encode(b"\xff\x00"), struct.pack(">IH", 1, 2))
print(hashlib.md5(b"abc").hexdigest(), hmac.new(b"key", b"text", "sha256").hexdigest(), sorted(hashlib.algorithms_guaranteed))
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, "w") as file:
    file.writestr(zipfile.ZipInfo("a.txt"), "content")
print(len(buffer.getvalue()), pickle.loads(pickle.dumps({"a": {1}})))
