//! What a region loses when a hospital closes: basic care before and after, and who falls out.
//!
//! `cargo run --example closing_a_hospital [HOSPITAL]`, as in `closing_a_hospital kkh-torgau`. A planner would
//! write the closure into a file; here it is built in code. The closure is invented.

use verbund::calendar::DateTime;
use verbund::scenario::{Change, DatedChange, Scenario};
use verbund::{Region, coverage};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::leipzig()?;
    let name = std::env::args().nth(1).unwrap_or_else(|| "kkh-torgau".to_owned());
    let hospital = &region.network()[region.find_hospital(&name)?];
    let start = DateTime::from(region.network().date());
    let scenario = Scenario {
        key: "closure".into(),
        name: format!("{} closes", hospital.name),
        source: "invented".into(),
        assumed: vec!["the closure".into()],
        changes: vec![DatedChange {
            on: start,
            until: None,
            reason: "an example".into(),
            source: None,
            change: Change::CloseHospital(hospital.key.clone()),
        }],
    };
    // The region without it: no journey is measured again.
    let after = region.apply(&[&scenario], start)?;

    let standard = region.network().catalog().standard("basic_care").ok_or("no such standard")?;
    let (base, then) =
        (coverage::evaluate(&region, standard)?, coverage::evaluate(&after, standard)?);
    println!("{}: basic care within {} minutes", scenario.name, standard.minutes);
    for (what, total) in [("before", &base.total), ("after", &then.total)] {
        println!(
            "  {what:6} {} of {} people in time, {:.1} minutes on average",
            total.within_limit,
            total.people,
            total.mean_seconds.unwrap_or(0.0) / 60.0
        );
    }
    println!("who falls out:");
    let mut lost: Vec<(u64, &str)> = base
        .places
        .iter()
        .zip(&then.places)
        .filter(|(before, after)| after.beyond_limit() > before.beyond_limit())
        .map(|(before, after)| {
            let people = after.beyond_limit() - before.beyond_limit();
            (people, region.place(after.place).name.as_str())
        })
        .collect();
    lost.sort_by(|a, b| b.cmp(a));
    if lost.is_empty() {
        println!("  nobody: the neighbours are near enough");
    }
    for (people, place) in lost {
        println!("  {place}: {people} people");
    }
    let all = region.network().cooperations().iter();
    let own = all.filter(|one| one.parties.keys().contains(&hospital.key.as_str())).count();
    let ended = region.network().cooperations().len() - after.network().cooperations().len();
    println!("of its {own} cooperations {ended} end, {} go on among the others", own - ended);
    Ok(())
}
