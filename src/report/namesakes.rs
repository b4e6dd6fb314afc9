//! Names in tables: where several places or hospitals have one name, each is told by its district or key.

use std::collections::BTreeMap;

use super::document::Cell;
use crate::model::{Cooperation, HospitalId, Network, Parties};
use crate::region::{PlaceId, Region};
use crate::words;

/// What places and hospitals are called in text.
pub(super) struct Namesakes<'r> {
    region: &'r Region,
    /// District and key of every place of a name.
    places: BTreeMap<&'r str, Vec<Sake<'r>>>,
    /// The same of hospitals.
    hospitals: BTreeMap<&'r str, Vec<Sake<'r>>>,
}

/// What tells a thing from its namesakes.
struct Sake<'r> {
    key: &'r str,
    district: &'r str,
}

impl<'r> Namesakes<'r> {
    /// Of all places and hospitals of a region, whether or not a table shows them: a reader knows the
    /// others, too.
    pub(super) fn new(region: &'r Region) -> Self {
        let mut places: BTreeMap<&str, Vec<Sake<'r>>> = BTreeMap::new();
        for place in &region.places().places {
            let sake = Sake { key: &place.key, district: &place.district };
            places.entry(&place.name).or_default().push(sake);
        }
        Self { region, places, hospitals: hospital_sakes(region.network()) }
    }

    /// The name of a place; in text with what tells it from others of that name.
    pub(super) fn place(&self, id: PlaceId) -> Cell {
        let place = self.region.place(id);
        cell(&place.name, self.place_label(id))
    }

    /// The name of the place with this key.
    pub(super) fn place_of_key(&self, key: &str, name: &str) -> Cell {
        cell(name, label(&self.places, name, key))
    }

    /// What a place is called in text: its name, with its district or key where others have that name.
    pub(super) fn place_label(&self, id: PlaceId) -> String {
        let place = self.region.place(id);
        label(&self.places, &place.name, &place.key)
    }

    /// A place for a title: its name with its district, and with its key where the district does not
    /// tell it from others of that name.
    pub(super) fn place_title(&self, id: PlaceId) -> String {
        let place = self.region.place(id);
        // A title stands alone, without a table that tells which one is meant.
        let label = self.place_label(id);
        if place.district.is_empty() {
            return label;
        }
        let with_district = format!("{} ({})", place.name, place.district);
        if label == place.name || label == with_district {
            return with_district;
        }
        format!("{} ({}, {})", place.name, place.key, place.district)
    }

    /// The name of a hospital; in text with what tells it from others of that name.
    pub(super) fn hospital(&self, id: HospitalId) -> Cell {
        let hospital = &self.region.network()[id];
        cell(&hospital.name, label(&self.hospitals, &hospital.name, &hospital.key))
    }
}

/// What each cooperation is called in text, by key: its ends and its kind, in the language in force. Several of the same
/// ends and kind are told by their keys.
pub(super) fn cooperation_labels(network: &Network) -> BTreeMap<&str, String> {
    let ends = short_hospital_names(network);
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    let mut labels = BTreeMap::new();
    for cooperation in network.cooperations() {
        let label = cooperation_label(cooperation, &ends);
        *count.entry(label.clone()).or_default() += 1;
        labels.insert(cooperation.key.as_str(), label);
    }
    for (key, label) in &mut labels {
        if count[label.as_str()] > 1 {
            *label = format!("{}, {key})", label.trim_end_matches(')'));
        }
    }
    labels
}

/// Ends that are named before the others are counted.
const MOST_ENDS: usize = 3;

fn cooperation_label(cooperation: &Cooperation, ends: &BTreeMap<&str, String>) -> String {
    let name = |key: &String| ends.get(key.as_str()).unwrap_or(key).clone();
    let several = |keys: &[String], between: &str| {
        let mut told: Vec<String> = keys.iter().take(MOST_ENDS).map(name).collect();
        if keys.len() > MOST_ENDS {
            let more = keys.len() - MOST_ENDS;
            told.push(said!("{more} more", more));
        }
        told.join(between)
    };
    let between = match &cooperation.parties {
        Parties::Mutual(partners) => several(partners, " – "),
        Parties::Directed { from, to } => format!("{} → {}", name(from), several(to, ", ")),
    };
    format!("{between} ({})", words::of(cooperation.kind.name()))
}

/// The names of hospitals without what stands in brackets and behind a dash, where that leaves no two with one name;
/// of several with one, the only one that is no branch has it.
fn short_hospital_names(network: &Network) -> BTreeMap<&str, String> {
    let mut bearers: BTreeMap<&str, usize> = BTreeMap::new();
    for hospital in network.hospitals() {
        *bearers.entry(without_addition(&hospital.name)).or_default() += 1;
        if hospital.parent.is_some() {
            *bearers.entry(without_addition(&hospital.name)).or_default() -= 1;
        }
    }
    let mut names = hospital_labels(network);
    for hospital in network.hospitals() {
        let short = without_addition(&hospital.name);
        if hospital.parent.is_none() && bearers[short] == 1 {
            names.insert(&hospital.key, short.to_owned());
        }
    }
    names
}

/// A name up to what is added to it in brackets or behind a dash.
fn without_addition(name: &str) -> &str {
    let before_dash = name.split(" – ").next().unwrap_or(name);
    let before_brackets = before_dash.split(" (").next().unwrap_or(before_dash);
    before_brackets.trim()
}

/// What each hospital is called in text, by key.
pub(super) fn hospital_labels(network: &Network) -> BTreeMap<&str, String> {
    let sakes = hospital_sakes(network);
    let mut labels = BTreeMap::new();
    for hospital in network.hospitals() {
        labels.insert(hospital.key.as_str(), label(&sakes, &hospital.name, &hospital.key));
    }
    labels
}

/// District and key of every hospital of a name.
fn hospital_sakes(network: &Network) -> BTreeMap<&str, Vec<Sake<'_>>> {
    let mut hospitals: BTreeMap<&str, Vec<Sake<'_>>> = BTreeMap::new();
    for hospital in network.hospitals() {
        let district = hospital.district.as_deref().unwrap_or_default();
        let sake = Sake { key: &hospital.key, district };
        hospitals.entry(&hospital.name).or_default().push(sake);
    }
    hospitals
}

/// Programs get the name as the data have it, whatever people need to tell it from others.
fn cell(name: &str, label: String) -> Cell {
    if label == name { Cell::text(name) } else { Cell::Name { name: name.to_owned(), label } }
}

/// The name alone where it is the only one; with the district where no namesake lies there, else with
/// the key.
fn label(sakes: &BTreeMap<&str, Vec<Sake<'_>>>, name: &str, key: &str) -> String {
    let sakes = match sakes.get(name) {
        Some(sakes) if sakes.len() > 1 => sakes,
        _ => return name.to_owned(),
    };
    // One that is not among them is of another region, such as that of a scenario: it has its key.
    let district = match sakes.iter().find(|sake| sake.key == key) {
        Some(sake) => sake.district,
        None => "",
    };
    let in_district = sakes.iter().filter(|sake| sake.district == district).count();
    if district.is_empty() || in_district > 1 {
        format!("{name} ({key})")
    } else {
        format!("{name} ({district})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namesakes_are_told_by_district_or_by_key() {
        let sake = |key, district| Sake { key, district };
        let sakes = BTreeMap::from([
            ("Adorf", vec![sake("a", "Nord"), sake("b", "Süd"), sake("c", "Süd"), sake("d", "")]),
            ("Bedorf", vec![sake("e", "Nord")]),
        ]);
        assert_eq!(label(&sakes, "Adorf", "a"), "Adorf (Nord)");
        assert_eq!(label(&sakes, "Adorf", "b"), "Adorf (b)");
        assert_eq!(label(&sakes, "Adorf", "c"), "Adorf (c)");
        assert_eq!(label(&sakes, "Adorf", "d"), "Adorf (d)");
        assert_eq!(label(&sakes, "Bedorf", "e"), "Bedorf");
    }
}
