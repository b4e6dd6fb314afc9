//! A number by which unfinished work finds its region again.

use super::Region;
use crate::model::{Catalog, Network, Places};
use crate::random::Fnv;

impl Region {
    /// A number that is the same for the same network of a day, places and journeys from them, on
    /// every machine: whoever saves unfinished work tells by it that it belongs to this region.
    ///
    /// It is made of what files say, by their words (FNV-1a, 64 bits), so that it stays when the crate calls
    /// something by another name. It guards against mistakes, not against intent.
    pub fn fingerprint(&self) -> u64 {
        let mut hash = Fnv::new();
        add_network(&mut hash, &self.network);
        add_catalog(&mut hash, self.network.catalog());
        add_places(&mut hash, &self.places);
        hash.add(self.travel.as_bytes());
        for origin in 0..self.times.origins() {
            let (hospitals, seconds) = self.times.row(origin);
            // Lengths keep lists apart that would be the same one after another.
            hash.add(&(hospitals.len() as u64).to_le_bytes());
            for hospital in hospitals {
                hash.add(&hospital.to_le_bytes());
            }
            for time in seconds {
                hash.add(&time.to_le_bytes());
            }
        }
        hash.number()
    }
}

/// Adds a value as files write it.
fn add(hash: &mut Fnv, value: &impl serde::Serialize) {
    ron::ser::to_writer(hash, value).expect("files write it, and folding bytes cannot fail");
}

fn add_network(hash: &mut Fnv, network: &Network) {
    add(hash, &(network.name(), network.date().to_string(), network.described_on().to_string()));
    add(hash, &(network.hospitals(), network.cooperations(), network.alliances()));
    add(hash, &(network.sources(), network.omitted(), network.published()));
    add(hash, &(network.assumed(), network.derived(), network.derivations()));
}

fn add_catalog(hash: &mut Fnv, catalog: &Catalog) {
    add(hash, &(&catalog.specialties, &catalog.fields, &catalog.facilities, &catalog.standards));
    add(hash, &(&catalog.demand, &catalog.first_leg, &catalog.pathways));
    add(hash, &(&catalog.service_groups, &catalog.group_assumptions));
    add(hash, &(&catalog.supplement, &catalog.emergency_rules, &catalog.minimum_volumes));
}

fn add_places(hash: &mut Fnv, places: &Places) {
    // Places are written as a table, which has no serde form.
    for band in &places.bands {
        add(hash, &(band.from, band.to));
    }
    for place in &places.places {
        add(hash, &(&place.key, &place.name, &place.district, place.position, place.area_km2));
        add(hash, &(place.outside, &place.population.female, &place.population.male));
    }
}
