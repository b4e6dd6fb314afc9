"""An extract of OpenStreetMap of any size: a small one, many times side by side, linked by a road each.

    python benches/large_extract.py ../shared/data/road/andorra.osm.pbf 90 large.osm.pbf
    cargo build --release
    /usr/bin/time -v target/release/verbund roads import large.osm.pbf --output large.roads

Each copy lies a quarter of a degree east of the one before, has numbers of its own, and is linked with it by a primary
road, so that an import keeps all of them. What is in the blocks is the small file's: points, ways, relations, tags.
"""

import struct
import sys
import zlib

# Added to every number of a copy; those of the copies do not overlap.
IDS = 10_000_000_000
# Added to every longitude, in units of the file's granularity (100 nanodegrees): a quarter of a degree.
EAST = 2_500_000
LINKING_WAY = 1_000_000_000_000


def read_number(data, at):
    value, shift = 0, 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def number(value):
    out = bytearray()
    while value > 127:
        out.append((value & 127) | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    return value << 1 if value >= 0 else (-value << 1) - 1


def unzigzag(value):
    return value >> 1 if value % 2 == 0 else -((value + 1) >> 1)


def fields(data):
    """Key, kind and content of each field: a number, or bytes."""
    at = 0
    while at < len(data):
        tag, at = read_number(data, at)
        key, kind = tag >> 3, tag & 7
        if kind == 0:
            value, at = read_number(data, at)
        else:
            assert kind == 2, "no other kinds are in these files"
            size, at = read_number(data, at)
            value, at = data[at : at + size], at + size
        yield key, kind, value


def field(key, kind, value):
    head = number((key << 3) | kind)
    return head + (number(value) if kind == 0 else number(len(value)) + value)


def moved(data, by):
    """Numbers that are kept as differences, all of them larger by the same: only the first one changes."""
    if not data:
        return data
    first, at = read_number(data, 0)
    return number(zigzag(unzigzag(first) + by)) + data[at:]


def changed(data, change):
    return b"".join(field(key, kind, change(key, value)) for key, kind, value in fields(data))


def copy_of(block, copy):
    """A block of a copy, with its numbers and longitudes moved."""
    ids, east = copy * IDS, copy * EAST

    def dense(key, value):
        return moved(value, ids) if key == 1 else moved(value, east) if key == 9 else value

    def way(key, value):
        return value + ids if key == 1 else moved(value, ids) if key == 8 else value

    def relation(key, value):
        return value + ids if key == 1 else moved(value, ids) if key == 9 else value

    def group(key, value):
        of_kind = {2: dense, 3: way, 4: relation}.get(key)
        return changed(value, of_kind) if of_kind else value

    return changed(block, lambda key, value: changed(value, group) if key == 2 else value)


def blob(kind, content):
    body = field(2, 0, len(content)) + field(3, 2, zlib.compress(content))
    head = field(1, 2, kind) + field(3, 0, len(body))
    return struct.pack(">I", len(head)) + head + body


def blobs(data):
    at = 0
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        head = dict((key, value) for key, _, value in fields(data[at + 4 : at + 4 + size]))
        at += 4 + size
        body = dict((key, value) for key, _, value in fields(data[at : at + head[3]]))
        at += head[3]
        yield head[1], zlib.decompress(body[3]) if 3 in body else body[1]


def a_point_of_a_main_road(blocks):
    """The first point of the first primary road."""
    for block in blocks:
        parts = list(fields(block))
        texts = [text for key, _, value in parts if key == 1 for _, _, text in fields(value)]
        for _, _, group in (part for part in parts if part[0] == 2):
            for _, _, way in (part for part in fields(group) if part[0] == 3):
                content = {key: value for key, _, value in fields(way)}
                tags = {}
                keys, values = content.get(2, b""), content.get(3, b"")
                at, other = 0, 0
                while at < len(keys):
                    name, at = read_number(keys, at)
                    value, other = read_number(values, other)
                    tags[texts[name]] = texts[value]
                if tags.get(b"highway") == b"primary" and b"oneway" not in tags and b"junction" not in tags:
                    return unzigzag(read_number(content[8], 0)[0])
    raise SystemExit("no primary road both ways in it")


def links(point, copies):
    """A road from each copy to the next."""
    texts = b"".join(field(1, 2, text) for text in (b"", b"highway", b"primary"))
    ways = b""
    for copy in range(copies - 1):
        refs = number(zigzag(point + copy * IDS)) + number(zigzag(IDS))
        way = field(1, 0, LINKING_WAY + copy) + field(2, 2, b"\x01") + field(3, 2, b"\x02") + field(8, 2, refs)
        ways += field(3, 2, way)
    return field(1, 2, texts) + field(2, 2, ways)


def main():
    source, copies, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with open(source, "rb") as file:
        parts = list(blobs(file.read()))
    blocks = [content for kind, content in parts if kind == b"OSMData"]
    point = a_point_of_a_main_road(blocks)
    with open(target, "wb") as out:
        for kind, content in parts:
            if kind == b"OSMHeader":
                out.write(blob(kind, content))
        # Block by block, so that points come first and relations last, as in any extract.
        for block in blocks:
            for copy in range(copies):
                out.write(blob(b"OSMData", copy_of(block, copy)))
        out.write(blob(b"OSMData", links(point, copies)))


main()
