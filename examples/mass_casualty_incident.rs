//! Shows a mass-casualty incident at Torgau: who is brought where and until when, and what the intensive
//! care units that take the red patients look like in the two weeks behind it.
//!
//! Run with `cargo run --release --example mass_casualty_incident`.

use std::collections::BTreeSet;

use verbund::Region;
use verbund::files::Folder;
use verbund::random::Seed;
use verbund::run::Control;
use verbund::simulation::{
    Figure, FlowIndex, PatientFlow, RunPlan, Scope, Settings, Triage, simulate,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::open("networks/leipzig");
    let model = folder.read()?;
    // The incident is on the evening of the first day.
    let region = Region::new(&model, "2026-06-13".parse()?)?;
    let incident = verbund::scenario::Scenario::in_folder(
        &folder,
        "torgau-incident",
        region.network(),
        region.places(),
    )?;
    let settings = Settings::default().days(14).warm_up_days(60);
    let flows = [
        PatientFlow::new(&region, &settings, None)?,
        PatientFlow::new(&region, &settings, Some(&incident))?,
    ];

    println!("{}, from the start of the incident:\n", incident.name);
    println!("{:52}{:8}{:>9}{:>16}", "brought to", "", "patients", "the last after");
    let mut takes_red = BTreeSet::new();
    for allocation in flows[1].allocations() {
        for one in &allocation.brought {
            let name = &region.network()[one.hospital].name;
            let (triage, last) = (one.triage.label(), one.last_arrival.to_string());
            println!("{name:52}{triage:8}{:>9}{last:>16}", one.patients);
            if one.triage == Triage::Red {
                takes_red.insert(one.hospital);
            }
        }
        println!("{} find no hospital that takes any", allocation.left);
    }

    let plan = RunPlan { seed: Seed(2026), replications: 20, until: None };
    let results = simulate(&flows, plan, &Control::default());
    println!("\nIntensive care where red patients are brought, two weeks from that day:\n");
    println!("{:52}{:>6}{:>12}{:>20}", "", "beds", "forced in", "because of it");
    for (number, ward) in flows[1].wards_with_ids() {
        if !ward.is_icu() || !takes_red.contains(&ward.hospital) {
            continue;
        }
        let scope = Scope::Ward(number);
        let (Some(usual), Some(change)) = (
            results.interval(FlowIndex::BASE, Figure::Forced, scope),
            results.change(FlowIndex(1), Figure::Forced, scope),
        ) else {
            continue;
        };
        let name = &region.network()[ward.hospital].name;
        let half = change.half_width.unwrap_or(f64::NAN);
        let more = format!("{:+.1} \u{b1} {half:.1}", change.mean);
        println!("{name:52}{:>6}{:>12.1}{more:>20}", ward.beds, usual.mean);
    }
    println!(
        "\nHospitals take patients hour by hour up to keys by their emergency level, the nearest first; red\n\
         ones only trauma centres from the regional grade on, which Torgau's is not known to have.\n\
         The incident is invented; keys, most emergency levels and beds are assumed."
    );
    Ok(())
}
