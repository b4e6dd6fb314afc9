//! Places as points: where journeys start.

use std::ops::Range;

use serde::{Serialize, Serializer};

use crate::model::{PartRule, Places, Position, Tag, serialize_id, tag_of};
use crate::travel::Stop;

/// The number of a place in its [`Region`](crate::Region), in the order of the places' keys.
///
/// As a [`HospitalId`](crate::model::HospitalId) does, it knows the places that it was counted among: a region
/// of others finds it out and panics, where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(u32, Tag);

impl Serialize for PlaceId {
    /// The key; an error outside of [`Region::keyed`](crate::Region::keyed).
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        serialize_id(self.0, self.1, to)
    }
}

impl PlaceId {
    /// The position in [`Places::places`] of the region that made it.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A point of a place, with its share of the place's people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Part {
    /// The place.
    pub place: PlaceId,
    /// Where the part is.
    pub position: Position,
}

/// The points that places are laid out as: the origins of a region's ranked lists are the parts, then the
/// centres of places of several parts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    parts: Vec<Part>,
    /// First and behind the last part of each place.
    spans: Vec<(u32, u32)>,
    /// The number of each place's centre among the origins.
    centres: Vec<u32>,
    /// The places whose centre is no part.
    apart: Vec<PlaceId>,
    /// What the ids of the places carry.
    pub(super) tag: Tag,
}

impl Layout {
    pub(super) fn new(places: &Places, rule: &PartRule) -> Self {
        let (mut parts, mut spans) = (Vec::new(), Vec::with_capacity(places.places.len()));
        let tag = tag_of(places.places.iter().map(|place| place.key.as_str()));
        for (number, place) in (0..).zip(&places.places) {
            let first = parts.len() as u32;
            for position in rule.lay_out(place) {
                parts.push(Part { place: PlaceId(number, tag), position });
            }
            spans.push((first, parts.len() as u32));
        }

        let (mut centres, mut apart) = (Vec::with_capacity(spans.len()), Vec::new());
        for (number, &(first, end)) in (0..).zip(&spans) {
            // The only part of a place is its centre.
            if end - first == 1 {
                centres.push(first);
            } else {
                centres.push((parts.len() + apart.len()) as u32);
                apart.push(PlaceId(number, tag));
            }
        }
        Self { parts, spans, centres, apart, tag }
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The parts of a place, by its number.
    pub(super) fn parts_of(&self, place: usize) -> Range<usize> {
        let (first, end) = self.spans[place];
        first as usize..end as usize
    }

    /// The origin that is the centre of a place, by its number.
    pub(super) fn centre(&self, place: usize) -> usize {
        self.centres[place] as usize
    }

    /// Whether an id is of these places.
    pub(super) fn has(&self, place: PlaceId) -> bool {
        place.1 == self.tag
    }

    pub(super) fn place_id(&self, number: usize) -> PlaceId {
        PlaceId(number as u32, self.tag)
    }

    pub(super) fn place_ids(&self) -> impl ExactSizeIterator<Item = PlaceId> + use<> {
        let tag = self.tag;
        (0..self.spans.len() as u32).map(move |number| PlaceId(number, tag))
    }

    /// How many origins there are.
    pub(super) fn origins(&self) -> usize {
        self.parts.len() + self.apart.len()
    }

    /// The place of an origin.
    pub(super) fn place_of(&self, origin: usize) -> PlaceId {
        match self.parts.get(origin) {
            Some(part) => part.place,
            None => self.apart[origin - self.parts.len()],
        }
    }

    /// An origin as the start of a journey.
    pub(super) fn stop<'p>(&self, places: &'p Places, origin: usize) -> Stop<'p> {
        let place = &places.places[self.place_of(origin).index()];
        let position = match self.parts.get(origin) {
            Some(part) => part.position,
            None => place.position,
        };
        Stop::new(&place.key, position)
    }

    /// All origins as starts of journeys.
    pub(super) fn stops<'p>(&self, places: &'p Places) -> Vec<Stop<'p>> {
        let mut stops = Vec::with_capacity(self.origins());
        for origin in 0..self.origins() {
            stops.push(self.stop(places, origin));
        }
        stops
    }

    /// Whether a place has as many parts here as in another layout of the same places. It is then laid out in
    /// the same way: the layout of a place follows from their number.
    fn is_same_place(&self, before: &Self, place: usize) -> bool {
        self.parts_of(place).len() == before.parts_of(place).len()
    }

    /// For each part the number that it had in another layout of the same places, where its place is laid out
    /// in the same way.
    pub(super) fn kept_parts(&self, before: &Self) -> Vec<Option<u32>> {
        let mut kept = vec![None; self.parts.len()];
        for place in 0..self.spans.len() {
            if self.is_same_place(before, place) {
                let (first_before, _) = before.spans[place];
                for (part, part_before) in self.parts_of(place).zip(first_before..) {
                    kept[part] = Some(part_before);
                }
            }
        }
        kept
    }

    /// For each origin the number that it had in another layout of the same places.
    pub(super) fn kept_origins(&self, before: &Self) -> Vec<Option<u32>> {
        let mut kept = self.kept_parts(before);
        // Centres apart come behind all parts and move when a place before them gets more.
        kept.resize(self.origins(), None);
        for place in 0..self.spans.len() {
            if self.is_same_place(before, place) {
                kept[self.centre(place)] = Some(before.centres[place]);
            }
        }
        kept
    }
}
