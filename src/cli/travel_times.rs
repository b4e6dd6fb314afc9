//! `verbund travel-times`: the journeys of a region as a table.

use std::sync::Arc;

use anyhow::bail;
use clap::Args;
use verbund::Region;
use verbund::files::journeys_to_bytes;
use verbund::model::{HospitalId, TravelRow};

use super::faults::fault;
use super::{Common, Ending, Format, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {}

pub(super) fn run(common: &Common, _: &Arguments) -> anyhow::Result<Ending> {
    if !matches!(common.format, Format::Table | Format::Csv) {
        bail!(fault!(
            "--format: the table of journeys is CSV, or bytes where --output ends with .times"
        ));
    }
    output::check(common)?;
    let (_, region) = input::region(common)?;
    let rows = rows(&region);
    let is_of_bytes = common.output.as_ref().is_some_and(|file| {
        file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("times"))
    });
    if is_of_bytes {
        output::write_file(common, journeys_to_bytes(&rows))?;
    } else {
        output::write_file(common, table(&rows))?;
    }
    Ok(Ending::Done)
}

/// The table as a network reads it back: place or hospital, hospital, seconds.
fn table(rows: &[TravelRow]) -> String {
    let mut text = "place,hospital,seconds\n".to_owned();
    for TravelRow { place, hospital, time } in rows {
        // Without a number there is no way; without the row the crow would fly it.
        let seconds = time.map_or_else(String::new, |time| time.0.to_string());
        text.push_str(&format!("{place},{hospital},{seconds}\n"));
    }
    text
}

/// The journeys from centres of places, and between hospitals.
fn rows(region: &Region) -> Vec<TravelRow> {
    let hospitals = region.network().hospitals();
    // Each key once, and not for every journey.
    let mut keys: Vec<Arc<str>> = Vec::with_capacity(hospitals.len());
    for hospital in hospitals {
        keys.push(hospital.key.as_str().into());
    }
    let mut rows = Vec::new();
    for start in region.place_ids() {
        let place: Arc<str> = region.place(start).key.as_str().into();
        for (hospital, time) in region.from_centre(start) {
            let hospital = Arc::clone(&keys[hospital.index()]);
            rows.push(TravelRow { place: Arc::clone(&place), hospital, time: Some(time) });
        }
    }
    let ids: Vec<HospitalId> =
        hospitals.iter().filter_map(|hospital| region.network().find(&hospital.key)).collect();
    for (from, place) in ids.iter().zip(&keys) {
        for (to, hospital) in ids.iter().zip(&keys) {
            let (place, hospital) = (Arc::clone(place), Arc::clone(hospital));
            rows.push(TravelRow { place, hospital, time: region.between(*from, *to) });
        }
    }
    rows
}
