//! Which roads of a map a change means: by way, name, class and area.

use std::collections::HashSet;

use super::map::RoadMap;
use super::point::Point;
use crate::model::{MissingRoad, Position, RoadClass, RoadOfMap};
use crate::problem::closest;
use crate::travel::Corridor;

/// What stands between the name of a road and its number.
pub(super) const NAME_AND_NUMBER: &str = " / ";

/// The roads of a map that a change means.
pub(super) struct Selection<'m> {
    map: &'m RoadMap,
    ways: HashSet<i64>,
    /// Whether each name of the map is meant.
    names: Vec<bool>,
    classes: Vec<RoadClass>,
    /// Whether anything names roads, or all are meant.
    is_named: bool,
    area: Option<Corridor>,
}

impl<'m> Selection<'m> {
    /// What a change means.
    pub(super) fn of(road: &RoadOfMap, map: &'m RoadMap) -> Self {
        let mut names = vec![false; map.names.len()];
        for name in &road.names {
            let wanted = plain(name);
            for (is_meant, known) in names.iter_mut().zip(&map.names) {
                *is_meant |= is_called(known, &wanted);
            }
        }
        Self {
            map,
            ways: road.ways.iter().copied().collect(),
            names,
            classes: road.classes.clone(),
            is_named: !(road.ways.is_empty() && road.names.is_empty() && road.classes.is_empty()),
            area: Corridor::new(&road.area),
        }
    }

    /// All roads through an area.
    pub(super) fn of_area(corners: &[Position], map: &'m RoadMap) -> Self {
        Self::of(&RoadOfMap { area: corners.to_vec(), ..RoadOfMap::default() }, map)
    }

    /// Whether each line of a piece is meant.
    pub(super) fn lines(&self, piece: usize, shape: &[Point]) -> Vec<bool> {
        let is_of_class = self.classes.contains(&self.map.pieces[piece].class);
        let mut lines = Vec::with_capacity(shape.len() - 1);
        for way in self.map.ways_of(piece) {
            let is_meant = !self.is_named
                || is_of_class
                || self.ways.contains(&way.id)
                || self.names[way.name as usize];
            // The lines of a piece are those of its ways, one way after the other.
            lines.resize(lines.len() + way.lines as usize, is_meant);
        }
        let Some(area) = &self.area else { return lines };
        for (is_meant, ends) in lines.iter_mut().zip(shape.windows(2)) {
            *is_meant = *is_meant && is_through(area, ends);
        }
        lines
    }

    /// Whether any line of the map is meant.
    fn is_anything_meant(&self) -> bool {
        for piece in 0..self.map.pieces.len() {
            if self.lines(piece, &self.map.shape(piece)).contains(&true) {
                return true;
            }
        }
        false
    }
}

/// Whether a line leads through an area.
fn is_through(area: &Corridor, ends: &[Point]) -> bool {
    // A point of a map is on the globe.
    match (ends[0].position(), ends[1].position()) {
        (Some(start), Some(end)) => area.meets(start, end),
        _ => false,
    }
}

/// A name without what people write in one way or another: `B182` is `b 182`.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().filter(|letter| !letter.is_whitespace()) {
        plain.extend(letter.to_lowercase());
    }
    plain
}

/// What a road is called: the text of its name and number, the one, the other, and each of several numbers.
fn called(known: &str) -> Vec<&str> {
    let mut names = vec![known];
    if let Some((name, number)) = known.rsplit_once(NAME_AND_NUMBER) {
        names.extend([name, number]);
    }
    for part in known.split(NAME_AND_NUMBER) {
        names.extend(part.split(';').map(str::trim));
    }
    names
}

/// Whether a road is called so; `wanted` is plain.
fn is_called(known: &str, wanted: &str) -> bool {
    !known.is_empty() && called(known).into_iter().any(|name| plain(name) == wanted)
}

impl RoadMap {
    /// What of a change this map lacks.
    pub(super) fn missing(&self, road: &RoadOfMap) -> Vec<MissingRoad> {
        let mut missing = Vec::new();
        // A set: a change may name thousands of ways, and a country has millions.
        let mut ways: HashSet<i64> = HashSet::new();
        for way in &self.ways {
            ways.insert(way.id);
        }
        for (index, way) in road.ways.iter().enumerate() {
            if !ways.contains(way) {
                missing.push(MissingRoad::Way {
                    way: *way,
                    index,
                    closest: self.closest_way(*way),
                });
            }
        }
        for (index, name) in road.names.iter().enumerate() {
            if !self.has_name(name) {
                let closest = self.closest_name(name);
                missing.push(MissingRoad::Name { name: name.clone(), index, closest });
            }
        }
        for (index, class) in road.classes.iter().enumerate() {
            if self.pieces.iter().all(|piece| piece.class != *class) {
                missing.push(MissingRoad::Class { class: *class, index });
            }
        }
        // Only where all of them are there: else the area is not to blame.
        if missing.is_empty() && !Selection::of(road, self).is_anything_meant() {
            missing.push(MissingRoad::Area);
        }
        missing
    }

    /// Whether a piece has a way of this name: names of islands that were left out are still listed.
    fn has_name(&self, name: &str) -> bool {
        let wanted = plain(name);
        let mut is_meant = Vec::with_capacity(self.names.len());
        for known in &self.names {
            is_meant.push(is_called(known, &wanted));
        }
        self.ways.iter().any(|way| is_meant[way.name as usize])
    }

    fn closest_name(&self, name: &str) -> Option<String> {
        let mut is_used = vec![false; self.names.len()];
        for way in &self.ways {
            is_used[way.name as usize] = true;
        }
        let mut known = Vec::new();
        for (name, is_used) in self.names.iter().zip(is_used) {
            if is_used && !name.is_empty() {
                known.extend(called(name));
            }
        }
        closest(name, known)
    }

    fn closest_way(&self, way: i64) -> Option<String> {
        let typed = way.to_string();
        let mut best: Option<String> = None;
        // One by one: texts of all ways of a country would take more memory than its roads.
        for way in &self.ways {
            let known = way.id.to_string();
            // Most are far from it, and end here.
            let Some(near) = closest(&typed, [known.as_str()]) else { continue };
            best = match best {
                None => Some(near),
                Some(best) => closest(&typed, [best.as_str(), near.as_str()]),
            };
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_road_is_called_by_its_name_its_number_and_each_of_several() {
        let known = "Torgauer Brücke / B 87;B 182";
        for name in ["torgauer brücke", "B87", "b 182", "B 87; B 182", known] {
            assert!(is_called(known, &plain(name)), "{name}");
        }
        for name in ["B 8", "Torgauer", "", "/"] {
            assert!(!is_called(known, &plain(name)), "{name}");
        }
        assert!(is_called("Am Tor / Markt / S 1", &plain("Am Tor / Markt")));
        assert!(!is_called("", ""));
    }
}
