"""Files nobody wrote a source for: what is seen in them, which column fills which field, and the source that comes of it.

`spec` is the mapping as data, `build` makes a source of it, `stored` keeps its versions; `dialect`, `profile` and `dates` say what is
seen in a file, with the evidence; `suggest` proposes, and nothing is taken over before somebody has confirmed it.
"""
