#!/usr/bin/python3
print("Content-Type: text/plain\n")
größe = {"日本": [1, 2]}
print(größe["日本"][0], größe["日本"][1]); print("é" * 10, größe["日本"][(lambda: 5)()])
