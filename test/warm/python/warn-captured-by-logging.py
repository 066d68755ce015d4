#!/usr/bin/python3
import logging
import warnings
print("Content-Type: text/plain\n")
logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
logging.captureWarnings(True)
import cgi
warnings.warn("own")
