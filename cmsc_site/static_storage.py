"""How static files are collected: one small stylesheet, names that change with the content."""

import re

import rcssmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLESHEET = "css/site.css"
_IMPORT = re.compile(r'@import\s+"(?P<name>[\w./-]+)"\s*(?:layer\((?P<layer>\w+)\))?\s*;')


class SiteStaticStorage(CompressedManifestStaticFilesStorage):
    """Joins the stylesheet's parts into one file, then does as WhiteNoise does.

    In development the browser follows the imports itself, so that no build step stands between
    a changed file and what is seen.
    """

    manifest_strict = True

    def post_process(self, paths, dry_run=False, **options):
        """Join and shorten the stylesheet before names and compressed copies are made."""
        if not dry_run and STYLESHEET in paths:
            storage, path = paths[STYLESHEET]
            with storage.open(path) as file:
                source = file.read().decode()
            joined = rcssmin.cssmin(join_imports(source, lambda name: _read(paths, name)))
            self.delete(STYLESHEET)
            self._save(STYLESHEET, ContentFile(joined.encode()))
            paths = {**paths, STYLESHEET: (self, STYLESHEET)}
        yield from super().post_process(paths, dry_run, **options)


def join_imports(source: str, read) -> str:
    """Return the stylesheet with each import replaced by what it imports, in its layer.

    `read` returns the text of an imported file, named relative to the stylesheet. Addresses
    within the parts are written relative to the stylesheet too.
    """

    def replace(match: re.Match) -> str:
        text = read(match["name"])
        return f"@layer {match['layer']} {{\n{text}\n}}" if match["layer"] else text

    return _IMPORT.sub(replace, source)


def _read(paths: dict, name: str) -> str:
    storage, path = paths[f"css/{name}"]
    with storage.open(path) as file:
        return file.read().decode()
