//! Shows where the expected cases of a year go under three models of choice, and how full the
//! hospitals get.
//!
//! Run with `cargo run --example flows`.

use verbund::Region;
use verbund::routing::{Capacity, Choice, Flows, Huff};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::open("networks/leipzig")?;
    let choices =
        [Choice::Nearest, Choice::Huff(Huff::default()), Choice::Capacity(Capacity::default())];
    for choice in choices {
        let flows = Flows::of_region(&region, choice)?;
        println!("{choice}");
        for key in ["ukl-leipzig", "kkh-torgau", "sana-grimma"] {
            let id = region.network().find(key).ok_or("no such hospital")?;
            let own = flows.loads.iter().filter(|load| load.hospital == id);
            let (cases, days, beds) = own.fold((0.0, 0.0, 0), |(cases, days, beds), load| {
                (cases + load.cases, days + load.bed_days, beds + load.beds.unwrap_or(0))
            });
            let occupancy = 100.0 * days / (f64::from(beds) * 365.0);
            println!("  {key:12} {cases:7.0} cases, {occupancy:5.1} % of {beds} beds");
        }
        println!("  {:.0} cases find no bed", flows.leftover());
    }
    Ok(())
}
