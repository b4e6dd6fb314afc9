//! Shows what telemedicine at the nearest CT would bring against the way to a stroke unit, beside
//! the figures that a study of 2026 gives for Germany.
//!
//! Run with `cargo run --example hub_and_spoke`.

use verbund::Region;
use verbund::coverage::{Sooner, people_sooner, people_within};
use verbund::model::{Measure, Requirement};
use verbund::units::Seconds;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::open("networks/leipzig")?;
    println!("{:45} {:>8} {:>8}", "", "Germany", "here");
    let study = region.network().published().iter().filter(|one| one.source == "masanneck-2026");
    for figure in study {
        let (Some(near), Some(minutes)) = (&figure.requirement, figure.minutes) else { continue };
        let limit = Seconds::from_minutes(minutes);
        let people = match (figure.measure, &figure.than) {
            (Measure::ShareSooner, Some(far)) => {
                people_sooner(&region, &Sooner { near, far, by: limit }, &[])
            }
            _ => people_within(&region, near, limit, &[]),
        };
        // A group of nobody has no share.
        let Some(here) = people.share() else { continue };
        println!("{:45} {:>6.1} % {:>6.1} %", figure.name, figure.value * 100.0, here * 100.0);
    }

    println!("\nBy district, 10 minutes sooner at the nearest CT than at the nearest stroke unit:");
    let facility = |kind: &str| Requirement::Facility { kind: kind.into(), at_least: None };
    let (ct, stroke_unit) = (facility("ct"), facility("stroke_unit"));
    for district in ["Leipzig, Stadt", "Landkreis Leipzig", "Landkreis Nordsachsen"] {
        let sooner = Sooner { near: &ct, far: &stroke_unit, by: Seconds::from_minutes(10) };
        let people = people_sooner(&region, &sooner, &[district.to_owned()]);
        let percent = 100.0 * people.share().unwrap_or(0.0);
        println!("  {district:24} {percent:>5.1} % of {} people", people.total);
    }
    println!(
        "\nWhy they differ: more than half of the region's people live in Leipzig, minutes from the\n\
         stroke units of UKL and St. Georg, where the nearest CT is no faster; in Nordsachsen, far\n\
         from any stroke unit, more people gain than in Germany. Journeys here are a crow-fly model,\n\
         the study used roads; and most CTs of the region's file follow from emergency stages."
    );
    Ok(())
}
