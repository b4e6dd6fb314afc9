//! Shows how to build a network in code, with travel times of one's own.
//!
//! Run with `cargo run --example build_a_network`.

use std::sync::Arc;

use verbund::calendar::Date;
use verbund::files::Folder;
use verbund::model::{
    Cooperation, CooperationKind, Department, Facility, Hospital, Model, NetworkBuilder, Parties,
    Place, Places, Population, Position, Requirement, Standard,
};
use verbund::travel::from_fn;
use verbund::units::Seconds;
use verbund::{Region, coverage};

fn main() -> Result<(), verbund::Error> {
    let day: Date = "2026-01-01".parse()?;
    let catalog = Folder::small().read()?.network.catalog().clone();

    let mut east = Hospital::new("east", "Klinik Ost", Position::new(51.34, 12.50)?);
    east.departments.push(Department::new("neurology").beds(20));
    east.facilities.push(Facility::new("stroke_unit").grade("regional"));
    let mut west = Hospital::new("west", "Klinik West", Position::new(51.34, 12.20)?);
    west.departments.push(Department::new("internal_medicine").beds(40));

    // Whatever is wrong comes back at once, with the closest key.
    let parties = Parties::Directed { from: "east".into(), to: vec!["west".into()] };
    let consult = Some(Seconds::from_minutes(10));
    let telestroke =
        Cooperation::new("tele-stroke", CooperationKind::Telemedicine { consult }, parties);
    let network = NetworkBuilder::new("Two towns", day, catalog)
        .hospital(east)
        .hospital(west)
        .cooperation(telestroke.fields(&["neurology"]))
        .build()?;

    let neustadt = Position::new(51.34, 12.22)?;
    let ostheim = Position::new(51.34, 12.48)?;
    let places = Places::of(vec![
        Place::new("neustadt", "Neustadt", neustadt, Population::of(9000)).district("Two towns"),
        Place::new("ostheim", "Ostheim", ostheim, Population::of(4000)).district("Two towns"),
    ]);
    let model = Model { network, places, ..Model::default() };

    // Two minutes a kilometre, whatever the road.
    let bicycle = from_fn("bicycle, 30 km/h", |from, to| {
        Ok(Some(Seconds((from.distance_to(to) * 0.12).round() as u32)))
    });
    let region = Region::with_travel(&model, day, Arc::new(bicycle), Region::CUTOFF)?;
    let requirement = Requirement::Facility { kind: "stroke_unit".into(), at_least: None };
    let result = coverage::evaluate(&region, &Standard::new("stroke", requirement, 30))?;
    println!("{} of {} people", result.total.within_limit, result.total.people);
    println!("reach a stroke unit within 30 minutes by {}", region.travel());
    assert_eq!(result.total.within_limit, 4000);
    Ok(())
}
