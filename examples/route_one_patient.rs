//! Shows where one patient goes: the hospitals that qualify, and why nearer ones do not.
//!
//! Run with `cargo run --example route_one_patient`.

use verbund::Region;
use verbund::routing::{self, Need};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::open("networks/leipzig")?;
    let place = region.find_place("Bad Dueben")?; // umlauts may be typed without them
    let need = Need::find(region.network().catalog(), "stroke_unit")?;
    let options = routing::options(&region, place, &need);

    println!("From {} to a {}:", region.place(place).name, need.name);
    for option in options.iter().filter(|option| option.is_qualified()).take(3) {
        let hospital = &region.network()[option.hospital];
        println!("  {:5.1} min  {}", option.time.minutes(), hospital.name);
    }
    println!("Nearer, but not for this:");
    let first = options.first().ok_or("nothing in reach")?.time;
    for option in options.iter().filter(|option| !option.is_qualified() && option.time < first) {
        let hospital = &region.network()[option.hospital];
        let why = option.missing.join(", ");
        println!("  {:5.1} min  {} ({why})", option.time.minutes(), hospital.name);
    }
    Ok(())
}
