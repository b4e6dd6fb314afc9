//! What the rows of tables are on the ground: places, hospitals, cooperations.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Cell, Document, Table};
use crate::model::{Area, Areas, Cooperation, Hospital, Network, Place, Places, Position};
use crate::region::Region;
use crate::report::columns::{AGS, COOPERATION, Column, HOSPITAL, LAT, LON, PLACE, SITE_NUMBER};

/// The network and the places that a document speaks of, with the borders of places where somebody has them: they tell
/// where a row is, and by which official key others know it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    pub(in crate::report) network: Arc<Network>,
    places: Arc<Places>,
    pub(in crate::report) areas: Option<Arc<Areas>>,
}

/// What a row of a table is.
#[derive(Debug, Clone, Copy)]
pub(in crate::report) enum Thing<'g> {
    Place(&'g Place),
    Hospital(&'g Hospital),
    Cooperation(&'g Cooperation),
}

impl Ground {
    pub(in crate::report) fn of(region: &Region) -> Self {
        Self { network: region.shared_network(), places: region.shared_places(), areas: None }
    }

    pub(in crate::report) fn atlas(&self) -> Atlas<'_> {
        let mut places: BTreeMap<&str, &Place> = BTreeMap::new();
        for place in &self.places.places {
            places.insert(&place.key, place);
        }
        let mut areas: BTreeMap<&str, &Area> = BTreeMap::new();
        for area in self.areas.iter().flat_map(|areas| &areas.areas) {
            areas.entry(&area.key).or_insert(area);
        }
        Atlas { network: &self.network, places, areas }
    }
}

/// The same, to be looked up by key.
pub(in crate::report) struct Atlas<'g> {
    network: &'g Network,
    places: BTreeMap<&'g str, &'g Place>,
    areas: BTreeMap<&'g str, &'g Area>,
}

impl<'g> Atlas<'g> {
    /// What a cell of a column of keys names; `None` where this ground has no such thing, such as a hospital that a
    /// scenario opens.
    pub(in crate::report) fn thing(&self, column: Column, cell: &Cell) -> Option<Thing<'g>> {
        let key = cell.plain();
        let network = self.network;
        match column {
            PLACE => self.places.get(key.as_str()).copied().map(Thing::Place),
            HOSPITAL => network.find(&key).map(|id| Thing::Hospital(&network[id])),
            COOPERATION => {
                network.find_cooperation(&key).map(|id| Thing::Cooperation(&network[id]))
            }
            _ => None,
        }
    }

    /// The border of a place.
    pub(in crate::report) fn area(&self, place: &Place) -> Option<&'g Area> {
        self.areas.get(place.key.as_str()).copied()
    }
}

impl Thing<'_> {
    /// Where it is; a cooperation is in no one place.
    fn position(&self) -> Option<Position> {
        match self {
            Self::Place(place) => Some(place.position),
            Self::Hospital(hospital) => Some(hospital.position),
            Self::Cooperation(_) => None,
        }
    }

    fn ags(&self) -> Cell {
        match self {
            Self::Place(place) => Cell::maybe_text(ags(&place.key)),
            _ => Cell::Missing,
        }
    }

    fn site_number(&self) -> Cell {
        match self {
            Self::Hospital(hospital) => Cell::maybe_text(site_number(hospital)),
            _ => Cell::Missing,
        }
    }
}

/// The official key of a place's municipality, which its own key is or begins with.
pub(in crate::report) fn ags(key: &str) -> Option<String> {
    let is_digits = |text: &str| text.bytes().all(|letter| letter.is_ascii_digit());
    if key.len() == 8 && is_digits(key) {
        return Some(key.to_owned());
    }
    // Parts of a city that is its own district: the district's key, then a number of the city. No other municipality
    // ends with three zeros.
    let (district, _) = key.split_once('-')?;
    (district.len() == 5 && is_digits(district)).then(|| format!("{district}000"))
}

/// The number of a site in the official directory, where a source of the network says it.
pub(in crate::report) fn site_number(hospital: &Hospital) -> Option<&str> {
    let fact = hospital.facts.iter().find(|fact| fact.field == "site_number")?;
    Some(&fact.value)
}

impl Table {
    /// The position of the column that says which place, hospital or cooperation a row is: the first one of their
    /// keys. Behind a number such a key is a detail of the row, such as the place that a closure hits hardest.
    pub(in crate::report) fn subject(&self) -> Option<usize> {
        for (position, column) in self.columns().iter().enumerate() {
            if [PLACE, HOSPITAL, COOPERATION].contains(column) {
                return Some(position);
            }
            if self.rows().iter().any(|row| row[position].is_number()) {
                return None;
            }
        }
        None
    }

    /// The same with official keys and coordinates behind each row that is a place or a hospital.
    fn located(&self, atlas: &Atlas<'_>) -> Self {
        let Some(subject) = self.subject() else { return self.clone() };
        let column = self.columns()[subject];
        let official = match column {
            PLACE => AGS,
            HOSPITAL => SITE_NUMBER,
            _ => return self.clone(),
        };

        let mut ends = Vec::with_capacity(self.rows().len());
        for row in self.rows() {
            let thing = atlas.thing(column, &row[subject]);
            let key = match &thing {
                Some(thing) if official == AGS => thing.ags(),
                Some(thing) => thing.site_number(),
                None => Cell::Missing,
            };
            let position = thing.and_then(|thing| thing.position());
            let degrees = |degrees: f64| Cell::number(degrees, 6);
            let lat = position.map_or(Cell::Missing, |position| degrees(position.lat()));
            let lon = position.map_or(Cell::Missing, |position| degrees(position.lon()));
            ends.push(vec![key, lat, lon]);
        }
        self.with_details(&[official, LAT, LON], ends)
    }
}

impl Document {
    /// The same about a ground: where its places and hospitals are.
    #[must_use]
    pub(in crate::report) fn on(mut self, region: &Region) -> Self {
        self.ground = Some(Ground::of(region));
        self
    }

    /// The same with borders of places, for maps.
    #[must_use]
    pub fn with_areas(mut self, areas: &Arc<Areas>) -> Self {
        if let Some(ground) = &mut self.ground {
            ground.areas = Some(Arc::clone(areas));
        }
        self
    }

    /// The same for the desks of others: behind every row that is a place or a hospital stand its official key (`ags`,
    /// `site_number`) and its coordinates (`lat`, `lon`, WGS 84, degrees). A document that is about no region stays
    /// as it is.
    ///
    /// ```
    /// use verbund::{Region, report};
    ///
    /// let region = Region::leipzig()?;
    /// let places = serde_json::to_value(report::list_places(&region).located())?;
    /// let rows = places["tables"]["places"].as_array().ok_or("a table")?;
    /// let centre = rows.iter().find(|row| row["place"] == "14713-00").ok_or("Leipzig-Zentrum")?;
    /// assert_eq!(centre["ags"], "14713000");
    /// assert_eq!(centre["lat"], 51.340216);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn located(mut self) -> Self {
        let Some(ground) = self.ground.take() else { return self };
        let atlas = ground.atlas();
        for section in &mut self.sections {
            section.table = section.table.located(&atlas);
        }
        self.ground = Some(ground);
        self
    }

    /// The same with every row of tables that are short for a screen.
    #[must_use]
    pub fn whole(mut self) -> Self {
        for section in &mut self.sections {
            section.table.show_all();
        }
        self
    }
}
