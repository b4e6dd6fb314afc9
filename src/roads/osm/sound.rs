//! Whether a block of a `.osm.pbf` can be handed to the decoder, which takes some things on trust: that numbers that are
//! written as differences stay numbers, that members of relations are of a kind that there is, that texts are there, and
//! that a small block does not become a large one in memory.

use super::wire::{Broken, Field, Message, Value, signed};

/// Points, ways, relations and texts of a block; programs write 8,000 elements. Each takes up to some 300 bytes.
const MOST_ENTRIES: u32 = 500_000;

const OUT_OF_RANGE: Broken = "a number in it is out of range";

/// How a block writes degrees, and how many texts it has.
struct Layout {
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
    texts: u64,
}

/// Checks a block of points, ways and relations.
///
/// # Errors
///
/// What the decoder could not take.
pub(super) fn check_data(block: &[u8]) -> Result<(), Broken> {
    let mut entries = Entries(0);
    // It may stand behind the points that are written by it.
    let layout = layout(block, &mut entries)?;
    let mut fields = Message::new(block);
    while let Some(Field { number, value }) = fields.next()? {
        if let (2, Value::Bytes(group)) = (number, value) {
            check_group(group, &layout, &mut entries)?;
        }
    }
    Ok(())
}

fn layout(block: &[u8], entries: &mut Entries) -> Result<Layout, Broken> {
    let mut layout = Layout { granularity: 100, lat_offset: 0, lon_offset: 0, texts: 0 };
    let mut fields = Message::new(block);
    while let Some(Field { number, value }) = fields.next()? {
        match (number, value) {
            (1, Value::Bytes(texts)) => layout.texts += count_texts(texts, entries)?,
            (17, Value::Number(value)) => layout.granularity = value.cast_signed(),
            (19, Value::Number(value)) => layout.lat_offset = value.cast_signed(),
            (20, Value::Number(value)) => layout.lon_offset = value.cast_signed(),
            _ => {}
        }
    }
    i32::try_from(layout.granularity).map_err(|_| OUT_OF_RANGE)?;
    Ok(layout)
}

/// How many entries there are so far.
struct Entries(u32);

impl Entries {
    fn add(&mut self) -> Result<(), Broken> {
        self.0 += 1;
        if self.0 > MOST_ENTRIES { Err("it has more than 500,000 entries") } else { Ok(()) }
    }
}

fn count_texts(texts: &[u8], entries: &mut Entries) -> Result<u64, Broken> {
    let mut count = 0;
    let mut fields = Message::new(texts);
    while let Some(Field { number, .. }) = fields.next()? {
        entries.add()?;
        count += u64::from(number == 1);
    }
    Ok(count)
}

/// Calls with each number of a list, which may come in parts.
fn each(value: Value<'_>, mut call: impl FnMut(u64) -> Result<(), Broken>) -> Result<(), Broken> {
    match value {
        Value::Number(number) => call(number),
        Value::Bytes(list) => {
            let mut numbers = Message::new(list);
            while !numbers.is_at_end() {
                call(numbers.number()?)?;
            }
            Ok(())
        }
        Value::Fixed => Err("a list of numbers is none"),
    }
}

/// Whether texts that are named by their numbers are there.
fn check_texts(value: Value<'_>, layout: &Layout) -> Result<(), Broken> {
    // The first one, an empty text, ends lists of tags.
    each(value, |text| {
        if text < layout.texts.max(1) {
            Ok(())
        } else {
            Err("a tag names a text that is not there")
        }
    })
}

fn check_group(group: &[u8], layout: &Layout, entries: &mut Entries) -> Result<(), Broken> {
    let mut has_dense = false;
    let mut fields = Message::new(group);
    while let Some(Field { number, value }) = fields.next()? {
        let Value::Bytes(element) = value else { continue };
        entries.add()?;
        match number {
            1 => check_point(element, layout)?,
            // Two of them are one to the decoder, whose numbers nobody added up.
            2 if has_dense => return Err("a group has two lists of points"),
            2 => {
                has_dense = true;
                check_points(element, layout, entries)?;
            }
            3 => check_way(element, layout)?,
            4 => check_relation(element, layout)?,
            _ => {}
        }
    }
    Ok(())
}

fn check_point(point: &[u8], layout: &Layout) -> Result<(), Broken> {
    let mut fields = Message::new(point);
    while let Some(Field { number, value }) = fields.next()? {
        match (number, value) {
            (2 | 3, texts) => check_texts(texts, layout)?,
            (8, Value::Number(lat)) => check_degrees(signed(lat), layout, layout.lat_offset)?,
            (9, Value::Number(lon)) => check_degrees(signed(lon), layout, layout.lon_offset)?,
            _ => {}
        }
    }
    Ok(())
}

/// Whether a number of degrees is one that the decoder can work out.
fn check_degrees(number: i64, layout: &Layout, offset: i64) -> Result<(), Broken> {
    let product = layout.granularity.checked_mul(number).ok_or(OUT_OF_RANGE)?;
    product.checked_add(offset).ok_or(OUT_OF_RANGE)?;
    Ok(())
}

/// A list of numbers, each the difference to the one before, which may come in parts.
#[derive(Default)]
struct Differences {
    now: i64,
}

impl Differences {
    /// Adds a part up; `check` hears each number.
    fn add(
        &mut self,
        value: Value<'_>,
        mut check: impl FnMut(i64) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        each(value, |difference| {
            self.now = self.now.checked_add(signed(difference)).ok_or(OUT_OF_RANGE)?;
            check(self.now)
        })
    }
}

fn check_points(points: &[u8], layout: &Layout, entries: &mut Entries) -> Result<(), Broken> {
    let mut ids = Differences::default();
    let mut lats = Differences::default();
    let mut lons = Differences::default();
    let mut has_info = false;
    let mut fields = Message::new(points);
    while let Some(Field { number, value }) = fields.next()? {
        match (number, value) {
            (1, value) => ids.add(value, |_| entries.add())?,
            (8, value) => {
                lats.add(value, |lat| check_degrees(lat, layout, layout.lat_offset))?;
            }
            (9, value) => {
                lons.add(value, |lon| check_degrees(lon, layout, layout.lon_offset))?;
            }
            (10, texts) => check_texts(texts, layout)?,
            (5, Value::Bytes(_)) if has_info => return Err("a list of points has two of editors"),
            (5, Value::Bytes(info)) => {
                has_info = true;
                check_info(info)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Who edited points, and when: of no use, but the decoder adds it up.
fn check_info(info: &[u8]) -> Result<(), Broken> {
    let mut sums: [Differences; 4] = Default::default();
    let mut fields = Message::new(info);
    while let Some(Field { number, value }) = fields.next()? {
        match number {
            // Time and changeset have 64 bits.
            2 => sums[0].add(value, |_| Ok(()))?,
            3 => sums[1].add(value, |_| Ok(()))?,
            4 => sums[2].add(value, check_small)?,
            5 => sums[3].add(value, check_small)?,
            _ => {}
        }
    }
    Ok(())
}

fn check_small(number: i64) -> Result<(), Broken> {
    i32::try_from(number).map(|_| ()).map_err(|_| OUT_OF_RANGE)
}

fn check_way(way: &[u8], layout: &Layout) -> Result<(), Broken> {
    let mut points = Differences::default();
    let mut fields = Message::new(way);
    while let Some(Field { number, value }) = fields.next()? {
        match number {
            2 | 3 => check_texts(value, layout)?,
            8 => points.add(value, |_| Ok(()))?,
            _ => {}
        }
    }
    Ok(())
}

fn check_relation(relation: &[u8], layout: &Layout) -> Result<(), Broken> {
    let mut members = Differences::default();
    let mut fields = Message::new(relation);
    while let Some(Field { number, value }) = fields.next()? {
        match number {
            // Keys, values, roles.
            2 | 3 | 8 => check_texts(value, layout)?,
            9 => members.add(value, |_| Ok(()))?,
            // Point, way, relation.
            10 => each(value, |kind| if kind < 3 { Ok(()) } else { Err(NO_KIND) })?,
            _ => {}
        }
    }
    Ok(())
}

const NO_KIND: Broken = "a member of a relation is of no kind that there is";
