//! Shows a winter with influenza in the region: how full hospitals and their intensive care get, and how
//! many emergencies find no free bed anywhere, against the same patients without the wave.
//!
//! Run with `cargo run --release --example winter`.

use verbund::Region;
use verbund::files::Folder;
use verbund::random::Seed;
use verbund::run::Control;
use verbund::simulation::{
    Figure, FlowIndex, PatientFlow, Results, RunPlan, Scope, Settings, WardId, simulate,
};
use verbund::stats::Interval;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::open("networks/leipzig");
    let model = folder.read()?;
    let region = Region::new(&model, model.network.date())?;
    let winter = verbund::scenario::Scenario::in_folder(
        &folder,
        "winter",
        region.network(),
        region.places(),
    )?;
    // From New Year to the end of the wave in March.
    let settings = Settings::default().days(85).warm_up_days(60);
    let flows = [
        PatientFlow::new(&region, &settings, None)?,
        PatientFlow::new(&region, &settings, Some(&winter))?,
    ];
    let plan = RunPlan { seed: Seed(2026), replications: 6, until: None };
    let results = simulate(&flows, plan, &Control::default());

    println!("{}, {} days, {} replications:\n", winter.name, settings.days, plan.replications);
    println!("{:34}{:>10}{:>22}", "all hospitals inside", "usual", "change by the wave");
    let wave = FlowIndex(1);
    let inside = |flow: FlowIndex, figure, factor: f64| -> Vec<f64> {
        let values = results.values(flow, figure, Scope::Inside);
        values.into_iter().map(|value| factor * value).collect()
    };
    let show = |name: &str, usual: &[f64], wave: &[f64]| {
        let (Some(mean), Some(change)) = (Interval::of(usual), Interval::paired(usual, wave))
        else {
            return;
        };
        let half = change.half_width.unwrap_or(f64::NAN);
        println!("{name:34}{:>10.1}{:>+13.2} \u{b1} {half:.2}", mean.mean, change.mean);
    };
    for (name, figure, factor) in [
        ("beds occupied, %", Figure::Occupancy, 100.0),
        ("... on the fullest days, %", Figure::OccupancyP95, 100.0),
        ("admissions", Figure::Admissions, 1.0),
        ("brought elsewhere", Figure::DivertedAway, 1.0),
        ("let in without a free bed", Figure::Forced, 1.0),
        ("elective patients who waited", Figure::Waited, 1.0),
    ] {
        show(name, &inside(FlowIndex::BASE, figure, factor), &inside(wave, figure, factor));
    }
    show(
        "intensive care occupied, %",
        &intensive_care(&results, FlowIndex::BASE),
        &intensive_care(&results, wave),
    );
    println!(
        "\nBoth runs see the same usual patients with the same stays, so the change is known better than\n\
         either. 95 % intervals. Every factor of the wave is assumed, as are rates and most beds."
    );
    Ok(())
}

/// Share of the beds of intensive care inside that are occupied, in per cent, by replication.
fn intensive_care(results: &Results<'_, '_>, flow: FlowIndex) -> Vec<f64> {
    let own = results.flow(flow);
    let hospitals = own.region().network().hospitals();
    let units = own.wards_with_ids();
    let units: Vec<(WardId, f64)> = units
        .filter(|(_, ward)| ward.is_icu() && !hospitals[ward.hospital.index()].outside)
        .map(|(number, ward)| (number, f64::from(ward.beds)))
        .collect();
    let beds: f64 = units.iter().map(|(_, beds)| beds).sum();
    let mut occupied = vec![0.0; results.replications()];
    for (number, own) in &units {
        let values = results.values(flow, Figure::Occupancy, Scope::Ward(*number));
        occupied.iter_mut().zip(values).for_each(|(sum, value)| *sum += value * own);
    }
    occupied.into_iter().map(|sum| 100.0 * sum / beds).collect()
}
