#!/usr/bin/python3
# request: GET /a/b?c=d
# header: User-Agent: Mozilla/5.0 (test)
# header: Accept-Language: de
import os
print("Content-type: text/html\n")
print("<table>")
for key in sorted(os.environ.keys()):
    print("<tr><td>%s<td>%s" % (key, os.environ[key]))
print("</table>")
