//! `verbund travel-times`: the journeys of a region as a table.

use clap::Args;
use verbund::Region;

use super::{Common, Ending, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {}

pub(super) fn run(common: &Common, _: &Arguments) -> anyhow::Result<Ending> {
    output::check(common)?;
    let (_, region) = input::region(common)?;
    output::write_file(common, table(&region))?;
    Ok(Ending::Done)
}

/// The table as a network reads it back: place or hospital, hospital, seconds.
fn table(region: &Region) -> String {
    let hospitals = region.network().hospitals();
    let mut text = "place,hospital,seconds\n".to_owned();
    for place in region.place_ids() {
        let key = &region.place(place).key;
        for (hospital, time) in region.from_centre(place) {
            let end = &region.network()[hospital].key;
            text.push_str(&format!("{key},{end},{}\n", time.0));
        }
    }
    for start in hospitals {
        for end in hospitals {
            let (from, to) = (region.network().find(&start.key), region.network().find(&end.key));
            let time = from.zip(to).and_then(|(from, to)| region.between(from, to));
            // Without a number there is no way; without the row the crow would fly it.
            let seconds = time.map_or_else(String::new, |time| time.0.to_string());
            text.push_str(&format!("{},{},{seconds}\n", start.key, end.key));
        }
    }
    text
}
