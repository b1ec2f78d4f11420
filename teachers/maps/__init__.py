"""Where teachers are, drawn: the world by country, and the surroundings of one place.

Positions are rounded to a thousandth of a map's width, and written as a share of it, so that dots
and letters keep their size on a phone, a wide window and paper.
"""
