#!/bin/sh
# Files for other desks, read by the programs of those desks: GDAL, openpyxl, LibreOffice and networkx.
# Usage: tests/peers/files.sh [PROGRAM]; who is not installed is named and left out.
# Debian: gdal-bin libreoffice-calc; pip: openpyxl networkx.
set -eu
verbund=${1:-target/debug/verbund}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$verbund" coverage stroke_unit --by place --format geojson --output "$folder/places.geojson"
"$verbund" graph --format geojson --output "$folder/graph.geojson"
"$verbund" coverage stroke_unit --by place --format xlsx --output "$folder/places.xlsx"
"$verbund" coverage stroke_unit --by place --format csv-excel --output "$folder/places.csv"
"$verbund" graph --format graphml --output "$folder/graph.graphml"
"$verbund" graph --format dot --output "$folder/graph.dot"

if command -v ogrinfo > /dev/null; then
    ogrinfo -so -al "$folder/places.geojson" | grep -E "Geometry|Feature Count|Extent|^ags|^people:|^mean_minutes"
    ogrinfo -q -al -where "place_name = 'Torgau'" -geom=SUMMARY "$folder/places.geojson"
    ogrinfo -so -al "$folder/graph.geojson" | grep -E "Geometry|Feature Count"
    # GEOS: whether borders cross themselves.
    ogrinfo -q -dialect sqlite -sql "SELECT COUNT(*) AS invalid FROM places WHERE NOT ST_IsValid(geometry)" \
        "$folder/places.geojson" || echo "this GDAL has no ST_IsValid"
else
    echo "no ogrinfo"
fi

if python3 -c 'import openpyxl' 2> /dev/null; then
    python3 - "$folder/places.xlsx" << 'END'
import sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
print(book.sheetnames)
sheet = book["places"]
print(sheet.dimensions, "frozen at", sheet.freeze_panes, "filter", sheet.auto_filter.ref)
header = [cell.value for cell in sheet[1]]
for row in sheet.iter_rows(min_row=2):
    values = dict(zip(header, row))
    if values["place_name"].value == "Torgau":
        print({key: (cell.value, cell.number_format) for key, cell in values.items()})
for sheet in book:
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), "a formula"
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref, sheet.title
END
else
    echo "no openpyxl"
fi

if command -v soffice > /dev/null; then
    # 59,34: semicolon and quote; 76: UTF-8; true at the end: German number formats by the locale.
    soffice --headless -env:UserInstallation="file://$folder/profile" \
        --infilter="CSV:59,34,76,1,,1031" --convert-to xlsx:"Calc MS Excel 2007 XML" --outdir "$folder/lo" \
        "$folder/places.csv" > /dev/null
    python3 - "$folder/lo/places.xlsx" << 'END'
import sys, openpyxl
# As somebody sees them: a key is a formula that gives its digits as a text.
sheet = openpyxl.load_workbook(sys.argv[1], data_only=True).active
rows = list(sheet.values)
print("LibreOffice:", len(rows), "rows,", len(rows[0]), "columns", rows[0][:4])
print([row for row in rows if "Doberschütz" in row][0])
ags, people = rows[0].index("ags"), rows[0].index("people")
for row in rows[1:]:
    assert isinstance(row[ags], str) and len(row[ags]) == 8, row[ags]
    assert isinstance(row[people], int), row[people]
END
    # The leading zero of an AGS is there after an import with the usual settings.
    printf '\357\273\277ags;people\r\n"=""01001000""";1000\r\n' > "$folder/zero.csv"
    soffice --headless -env:UserInstallation="file://$folder/profile" \
        --infilter="CSV:59,34,76,1,,1031" --convert-to xlsx:"Calc MS Excel 2007 XML" --outdir "$folder/lo" \
        "$folder/zero.csv" > /dev/null
    python3 - "$folder/lo/zero.xlsx" << 'END'
import sys, openpyxl
assert list(openpyxl.load_workbook(sys.argv[1], data_only=True).active.values)[1] == ("01001000", 1000)
print("LibreOffice keeps the zero of 01001000")
END
else
    echo "no soffice"
fi

if python3 -c 'import networkx' 2> /dev/null; then
    python3 - "$folder/graph.graphml" << 'END'
import sys, networkx
graph = networkx.read_graphml(sys.argv[1])
print(type(graph).__name__, graph.number_of_nodes(), "nodes", graph.number_of_edges(), "edges")
print(graph.nodes["kkh-torgau"])
print(next(iter(graph.edges(data=True))))
END
else
    echo "no networkx"
fi

if command -v dot > /dev/null; then
    dot -Tsvg "$folder/graph.dot" | grep -c '<g id="node'
else
    echo "no dot"
fi
