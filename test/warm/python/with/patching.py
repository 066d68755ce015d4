import html
import json

was = json.dumps([1])
json.dumps = lambda value: "patched"
html.escape = lambda text: "patched too"
