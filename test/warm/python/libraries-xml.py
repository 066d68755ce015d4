#!/usr/bin/python3
import xml.dom.minidom
import xml.etree.ElementTree as tree
import xml.sax.saxutils
print("Content-Type: text/xml\n")
root = tree.fromstring("<guests><guest name='Ada'/><guest name='K\u00f6ln'/></guests>")
print(tree.tostring(root, encoding="unicode"), [guest.get("name") for guest in root.iter("guest")])
print(xml.dom.minidom.parseString("<a><b/></a>").toprettyxml(), xml.sax.saxutils.escape("<&>"))
tree.fromstring("<never closed>")
