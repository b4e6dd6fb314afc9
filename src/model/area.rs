//! Areas: the borders of places, for maps only.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Places, Position};

/// Where borders come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AreaSource {
    /// Title, as a map has to name it.
    pub title: String,
    /// Licence; `None` where the file states none.
    pub licence: Option<String>,
}

/// The border of one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Key of its place: the place's `id`, which for municipalities usually is the official key (AGS).
    pub key: String,
    /// Rings of at least three different points each; the first point is not repeated at the end. Holes are rings
    /// as well: whoever fills them takes the even-odd rule.
    pub rings: Vec<Vec<Position>>,
}

/// Borders of places. No analysis uses them: a place is its people at points, whatever its border is.
///
/// ```
/// use verbund::files::Folder;
///
/// let folder = Folder::leipzig();
/// let areas = folder.areas()?.ok_or("they come with the network")?;
/// assert_eq!(areas.areas.len(), 123);
/// let matched = areas.of_places(&folder.read()?.places);
/// assert!(matched.without_place.is_empty() && matched.without_area.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Areas {
    /// Where they come from, in the order of the file.
    pub sources: Vec<AreaSource>,
    /// The areas, in the order of the file; no two have the same key.
    pub areas: Vec<Area>,
}

/// Which areas belong to which places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AreasOfPlaces {
    /// By place, in the order of the places: the position of its area; `None` where it has none.
    pub by_place: Vec<Option<usize>>,
    /// Keys of areas that no place has, in the order of the file.
    pub without_place: Vec<String>,
    /// Keys of places inside that have no area, in the order of the places. Places outside need none.
    pub without_area: Vec<String>,
}

impl Areas {
    /// Which of these areas belong to which places: those of the same key.
    pub fn of_places(&self, places: &Places) -> AreasOfPlaces {
        let mut by_key: BTreeMap<&str, usize> = BTreeMap::new();
        for (position, area) in self.areas.iter().enumerate() {
            by_key.entry(&area.key).or_insert(position);
        }
        let mut matched = AreasOfPlaces::default();
        let mut keys: BTreeSet<&str> = BTreeSet::new();
        for place in &places.places {
            let position = by_key.get(place.key.as_str()).copied();
            if position.is_none() && !place.outside {
                matched.without_area.push(place.key.clone());
            }
            matched.by_place.push(position);
            keys.insert(&place.key);
        }
        for area in &self.areas {
            if !keys.contains(area.key.as_str()) {
                matched.without_place.push(area.key.clone());
            }
        }
        matched
    }
}
