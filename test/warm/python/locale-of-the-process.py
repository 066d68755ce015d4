#!/usr/bin/python3
import locale
print("Content-Type: text/plain\n")
for name in ("LC_ALL", "LC_CTYPE", "LC_COLLATE", "LC_TIME", "LC_MONETARY", "LC_MESSAGES", "LC_NUMERIC"):
    print(name, locale.setlocale(getattr(locale, name)))
print(locale.getpreferredencoding(), locale.getlocale(), locale.getencoding(), locale.localeconv())
print(locale.setlocale(locale.LC_ALL, ""), locale.format_string("%.2f", 1234.5, grouping=True))
try:
    locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
    print(locale.localeconv()["decimal_point"])
except locale.Error as error:
    print(error)
