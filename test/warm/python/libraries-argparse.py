#!/usr/bin/python3
# request: GET /?one+two
import argparse
import os
import sys
print("Content-Type: text/plain\n", flush=True)
parser = argparse.ArgumentParser()
parser.add_argument("--name", default="nobody")
print(parser.prog, parser.parse_args([]), os.environ["QUERY_STRING"])
parser.parse_args(["--wrong"])
