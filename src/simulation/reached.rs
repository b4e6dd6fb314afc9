//! Wards to which no patient can come.

use std::collections::HashMap;

use super::WardId;
use crate::queueing::{Model, Target};

/// The wards, rising, that no customer of a model can come to: its stations are the wards.
pub(super) fn unreached(model: &Model) -> Vec<WardId> {
    let mut position_of: HashMap<&str, usize> = HashMap::new();
    for (position, station) in model.stations.iter().enumerate() {
        position_of.insert(&station.key, position);
    }
    let mut is_reached = vec![false; model.stations.len()];
    let mut to_visit = Vec::new();
    let mut reach = |key: &str, to_visit: &mut Vec<usize>| {
        let Some(&position) = position_of.get(key) else { return };
        // Once each, so that circles of wards end.
        if !std::mem::replace(&mut is_reached[position], true) {
            to_visit.push(position);
        }
    };
    for stream in &model.streams {
        for preference in stream.kinds.iter().flat_map(|kind| &kind.preferences) {
            for (key, _) in &preference.first {
                reach(key, &mut to_visit);
            }
            for key in preference.then.iter().chain(&preference.home) {
                reach(key, &mut to_visit);
            }
        }
    }
    while let Some(position) = to_visit.pop() {
        let station = &model.stations[position];
        // Whether it ever gets full is not known before a run: what can happen counts.
        for alternate in &station.alternates {
            reach(&alternate.to, &mut to_visit);
        }
        for route in &station.routes {
            for branch in route.branches.iter().chain(&route.rest) {
                if let Target::Station(key) = &branch.to {
                    reach(key, &mut to_visit);
                }
                for key in &branch.then {
                    reach(key, &mut to_visit);
                }
            }
        }
    }
    let mut unreached = Vec::new();
    for (position, is_reached) in is_reached.into_iter().enumerate() {
        if !is_reached {
            unreached.push(WardId::at(position));
        }
    }
    unreached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queueing::{Alternate, ArrivalStream, Branch, Kind, Preference, Route, Station};

    #[test]
    fn who_comes_to_a_station_comes_to_all_that_it_leads_to() {
        // Customers come to a, overflow to b and go on from there to c or, when that is full, to d; e leads to a only.
        let mut model = Model::default();
        for key in ["a", "b", "c", "d", "e"] {
            let station = Station { key: key.into(), ..Station::default() };
            model.stations.push(station);
        }
        let to = |key: &str| Target::Station(key.into());
        let overflow = Alternate { to: "b".into(), ..Alternate::default() };
        model.stations[0].alternates.push(overflow);

        let mut onward = Route::default();
        let branch = Branch { to: to("c"), then: vec!["d".into()], ..Branch::default() };
        onward.branches.push(branch);
        model.stations[1].routes.push(onward);

        let mut back = Route::default();
        let rest = Branch { to: to("a"), ..Branch::default() };
        back.rest = Some(rest);
        model.stations[4].routes.push(back);

        let mut preference = Preference::default();
        preference.first.push(("a".into(), 1.0));
        let mut kind = Kind::default();
        kind.preferences.push(preference);
        let mut stream = ArrivalStream::default();
        stream.kinds.push(kind);
        model.streams.push(stream);
        assert_eq!(unreached(&model), [WardId(4)]);
        model.streams.clear();
        assert_eq!(unreached(&model), [0, 1, 2, 3, 4].map(WardId));
    }
}
