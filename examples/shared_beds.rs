//! Shows what shared beds of UKL and St. Georg would change: who is brought to the partner, and how many
//! find no free bed in their fields.
//!
//! Run with `cargo run --release --example shared_beds`.

use verbund::Region;
use verbund::files::Folder;
use verbund::random::Seed;
use verbund::run::Control;
use verbund::simulation::{Figure, FlowIndex, PatientFlow, RunPlan, Scope, Settings, simulate};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::open("networks/leipzig");
    let model = folder.read()?;
    let region = Region::new(&model, model.network.date())?;
    let shared = verbund::scenario::Scenario::in_folder(
        &folder,
        "shared-beds-ukl-st-georg",
        region.network(),
        region.places(),
    )?;
    let settings = Settings::default().days(90).warm_up_days(60);
    let flows = [
        PatientFlow::new(&region, &settings, None)?,
        PatientFlow::new(&region, &settings, Some(&shared))?,
    ];
    let plan = RunPlan { seed: Seed(2026), replications: 6, until: None };
    let results = simulate(&flows, plan, &Control::default());

    println!("{}, {} days, change by sharing with 95 % intervals:\n", shared.name, settings.days);
    println!(
        "{:40}{:>6}{:>10}{:>16}{:>16}{:>16}",
        "ward", "beds", "full", "sent away", "received", "without a bed"
    );
    let fields = ["haematology_oncology", "neurology", "neonatology"];
    for (number, ward) in flows[0].wards_with_ids() {
        let hospital = &region.network()[ward.hospital].key;
        let is_partner = ["ukl-leipzig", "st-georg-leipzig"].contains(&hospital.as_str());
        if !is_partner || !fields.contains(&ward.specialty.as_str()) {
            continue;
        }
        let scope = Scope::Ward(number);
        let full =
            results.interval(FlowIndex::BASE, Figure::FullShare, scope).map_or(0.0, |one| one.mean);
        let change = |figure| {
            let change = results.change(FlowIndex(1), figure, scope);
            change.map_or(String::new(), |one| {
                format!("{:+.1} \u{b1} {:.1}", one.mean, one.half_width.unwrap_or(f64::NAN))
            })
        };
        println!(
            "{:40}{:>6}{:>8.1} %{:>16}{:>16}{:>16}",
            format!("{hospital}: {}", ward.specialty),
            ward.beds,
            100.0 * full,
            change(Figure::DivertedAway),
            change(Figure::Received),
            change(Figure::Forced),
        );
    }
    let uses = results.uses(FlowIndex(1));
    let own = uses.iter().find(|(key, _)| key == "ukl-st-georg-beds");
    let (used, half) =
        own.map_or((0.0, 0.0), |(_, one)| (one.mean, one.half_width.unwrap_or(f64::NAN)));
    println!("\nBrought to a shared bed of the partner: {used:.0} \u{b1} {half:.0} patients.");
    println!("Nobody announced shared beds: kind, share and start are assumed.");
    Ok(())
}
