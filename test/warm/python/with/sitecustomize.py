import sys

sys.customized = True
