"""The places of the world in two tables: filled once, asked by name, kept in no process' memory.

`search.resolve` and `search.suggest` answer visitors, `labels.label_of` names a place so that it
is told from all others; `loading` and `writing` are behind `manage.py load_places`.
"""
