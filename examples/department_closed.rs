//! Shows who receives the patients when internal medicine at Torgau takes nobody for a month, and which
//! wards get overloaded by it.
//!
//! Run with `cargo run --release --example department_closed`.

use verbund::Region;
use verbund::files::Folder;
use verbund::random::Seed;
use verbund::run::Control;
use verbund::simulation::{Figure, FlowIndex, PatientFlow, RunPlan, Scope, Settings, simulate};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::open("networks/leipzig");
    let model = folder.read()?;
    // The month of the closure, counted from its first day on.
    let region = Region::new(&model, "2026-03-01".parse()?)?;
    let closed = verbund::scenario::Scenario::in_folder(
        &folder,
        "torgau-internal-closed",
        region.network(),
        region.places(),
    )?;
    let settings = Settings::default().days(31).warm_up_days(90);
    let flows = [
        PatientFlow::new(&region, &settings, None)?,
        PatientFlow::new(&region, &settings, Some(&closed))?,
    ];
    let plan = RunPlan { seed: Seed(2026), replications: 8, until: None };
    let results = simulate(&flows, plan, &Control::default());

    println!("{}: admissions of the month, with the change and its 95 % interval\n", closed.name);
    let mut changes: Vec<_> = region
        .network()
        .iter()
        .filter_map(|(id, hospital)| {
            let change = results.change(FlowIndex(1), Figure::Admissions, Scope::Hospital(id))?;
            let usual =
                results.interval(FlowIndex::BASE, Figure::Admissions, Scope::Hospital(id))?;
            Some((hospital, usual, change))
        })
        .collect();
    changes.sort_by(|a, b| b.2.mean.abs().total_cmp(&a.2.mean.abs()));
    for (hospital, usual, change) in changes.iter().take(8) {
        let half = change.half_width.unwrap_or(f64::NAN);
        println!("{:52}{:>8.0}{:>+8.0} \u{b1} {half:.0}", hospital.name, usual.mean, change.mean);
    }

    println!("\nWards that are full for at least an hour a day more than usual:\n");
    println!("{:52}{:>12}{:>12}", "", "full usually", "when closed");
    let mut overloaded = 0;
    for (number, ward) in flows[0].wards_with_ids() {
        let scope = Scope::Ward(number);
        let (Some(usual), Some(change)) = (
            results.interval(FlowIndex::BASE, Figure::FullShare, scope),
            results.change(FlowIndex(1), Figure::FullShare, scope),
        ) else {
            continue;
        };
        // Surely more than usual, and by an hour of 24.
        if change.low().is_some_and(|low| low > 0.0) && change.mean > 1.0 / 24.0 {
            let hospital = &region.network()[ward.hospital];
            let name = format!("{}: {}", hospital.key, ward.specialty);
            let with = usual.mean + change.mean;
            println!("{name:52}{:>10.1} %{:>10.1} %", 100.0 * usual.mean, 100.0 * with);
            overloaded += 1;
        }
    }
    if overloaded == 0 {
        println!("none");
    }
    println!("\nThe closure is invented; rates, choices and most beds are assumed.");
    Ok(())
}
