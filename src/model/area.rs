//! Areas: the borders of places, for maps only.

use std::collections::BTreeMap;

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
    /// By place: the position of the area of its district; `None` where it has none. An area is that of a district when
    /// the keys of places begin with its key, as official keys of municipalities do with those of their districts; of
    /// several the longest counts.
    pub by_district: Vec<Option<usize>>,
    /// Keys of areas of no place and no district, in the order of the file.
    pub without_place: Vec<String>,
    /// Keys of places inside without an area of their own or of their district, in the order of the places. Places
    /// outside need none.
    pub without_area: Vec<String>,
}

impl Areas {
    /// Which of these areas belong to which places: those of the same key, and those of their districts.
    pub fn of_places(&self, places: &Places) -> AreasOfPlaces {
        let mut by_key: BTreeMap<&str, usize> = BTreeMap::new();
        for (position, area) in self.areas.iter().enumerate() {
            by_key.entry(&area.key).or_insert(position);
        }
        let mut matched = AreasOfPlaces::default();
        let mut is_matched = vec![false; self.areas.len()];
        for place in &places.places {
            let position = by_key.get(place.key.as_str()).copied();
            let district = district_of(&place.key, &by_key);
            if position.is_none() && district.is_none() && !place.outside {
                matched.without_area.push(place.key.clone());
            }
            for area in [position, district].into_iter().flatten() {
                is_matched[area] = true;
            }
            matched.by_place.push(position);
            matched.by_district.push(district);
        }
        for (area, is_matched) in self.areas.iter().zip(is_matched) {
            if !is_matched {
                matched.without_place.push(area.key.clone());
            }
        }
        matched
    }
}

/// The area with the longest key that this one begins with and goes on behind.
fn district_of(key: &str, by_key: &BTreeMap<&str, usize>) -> Option<usize> {
    // From the longest beginning to the shortest; keys may have letters of several bytes.
    for (end, _) in key.char_indices().rev() {
        if let Some(position) = by_key.get(&key[..end]) {
            return Some(*position);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_districts_the_longest_key_counts_and_no_key_begins_itself() {
        let by_key = BTreeMap::from([("14", 0), ("14730", 1), ("14730010", 2)]);
        assert_eq!(district_of("14730010", &by_key), Some(1));
        assert_eq!(district_of("14729010", &by_key), Some(0));
        assert_eq!(district_of("14", &by_key), None);
        assert_eq!(district_of("ü1", &by_key), None);
    }
}
