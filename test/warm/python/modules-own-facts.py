#!/usr/bin/python3
import cgi
import decimal
import email.message
import json
import os
import random
import re
import sqlite3
import urllib.parse
import xml.etree.ElementTree
print("Content-Type: text/plain\n")
for module in (cgi, decimal, email, email.message, json, os, random, re, sqlite3, urllib.parse, xml.etree.ElementTree):
    spec = module.__spec__
    print(module, module.__name__, module.__package__, getattr(module, "__file__", None))
    print(getattr(module, "__cached__", None), type(module.__loader__), spec.name, spec.origin, spec.cached, spec.parent)
    print(sorted(vars(module)))
