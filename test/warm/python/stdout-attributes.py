#!/usr/bin/python3
import io
import sys
print("Content-Type: text/plain\n")
for stream in (sys.stdout, sys.stderr, sys.stdin):
    print(stream.name, stream.mode, stream.encoding, stream.errors, stream.newlines, stream.line_buffering, stream.write_through)
    print(type(stream), type(stream.buffer), type(stream.buffer.raw), stream.buffer.raw.mode, stream.buffer.raw.closefd)
    print(stream.seekable(), stream.readable(), stream.writable(), stream.isatty(), stream.fileno(), stream.closed)
    print(stream.buffer.raw.name, stream._CHUNK_SIZE, stream.buffer.mode, repr(stream), repr(stream.buffer))
print(sys.stdout is sys.__stdout__, sys.stderr is sys.__stderr__, sys.stdin is sys.__stdin__, io.DEFAULT_BUFFER_SIZE)
