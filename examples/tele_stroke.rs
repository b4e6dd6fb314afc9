//! Shows the tele-stroke network TESSA with and without: who loses when links end, one by one and
//! together, and what becomes of it when experts only help on weekdays.
//!
//! Run with `cargo run --example tele_stroke`.

use verbund::Region;
use verbund::calendar::Hours;
use verbund::impact::{Effect, Study};
use verbund::model::{Cooperation, CooperationId, Pathway};
use verbund::pathways::{Outage, Query};

fn print(what: &str, effect: &Effect) {
    println!(
        "  {what:46} {:>7.0} people {:>6.1} min a case {:>6.1} hours a year",
        effect.people,
        effect.seconds_per_case().unwrap_or(0.0) / 60.0,
        effect.seconds / 3600.0
    );
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::open("networks/leipzig")?;
    let network = region.network();
    let stroke = network.catalog().pathway("stroke").ok_or("no such pathway")?;
    let pathways: [&Pathway; 1] = [stroke];

    // Every link of telemedicine in neurology, and the same ones on weekdays only.
    let is_link = |one: &Cooperation| one.kind.name() == "Telemedicine" && one.covers("neurology");
    let links: Vec<CooperationId> =
        network.cooperation_ids().filter(|&id| is_link(&network[id])).collect();
    let weekdays: Hours = "Mon-Fri 8-16".parse()?;
    let limited: Vec<Cooperation> =
        links.iter().map(|&id| Cooperation { hours: weekdays, ..network[id].clone() }).collect();
    let all: Outage = Outage { cooperations: links.iter().copied().collect(), ..Outage::default() };
    let only_limited = all.clone();
    let without_limited = Outage {
        cooperations: (0..limited.len()).map(|at| network.added_cooperation(at)).collect(),
        ..Outage::default()
    };
    let nothing = Outage {
        cooperations: all.cooperations.union(&without_limited.cooperations).copied().collect(),
        ..Outage::default()
    };
    let study = Study::new(&region, &pathways, &limited, Query::default())?;

    println!("What ends, and what it costs until thrombolysis is done:");
    for &id in &links {
        let mut out = without_limited.clone();
        out.cooperations.insert(id);
        let effect = study.compare(&out, &without_limited)[0];
        print(&network[id].key, &effect);
    }
    print("all of them", &study.compare(&nothing, &without_limited)[0]);
    print("all of them outside Mon-Fri 8-16", &study.compare(&only_limited, &without_limited)[0]);
    println!(
        "\nEach site has two experts, so the end of one link costs nothing; of all, everything.\n\
         The consultation of 10 minutes and the hours of the links are assumed. People: with shares\n\
         of hours, so 128 of 168 hours a week count as 76 % of a person."
    );
    Ok(())
}
