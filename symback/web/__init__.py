"""The page in the browser, and what answers it: `symback serve` on this machine, `symback site` as a static folder.

`side.py` is all that the page can ask. A server asks it in worker processes, a static site in a thread of the browser.
"""
