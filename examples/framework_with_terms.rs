//! Shows what the framework agreement of UKL and St. Georg (October 2025) could change in care once
//! its fields get terms. The agreement names fields only: every term below is ASSUMED here.
//!
//! Run with `cargo run --example framework_with_terms`.

use verbund::Region;
use verbund::impact::{Effect, Study};
use verbund::model::{Cooperation, CooperationKind, Parties, Pathway, Urgency};
use verbund::pathways::{Outage, Protocol, Query};
use verbund::units::Seconds;

fn link(key: String, kind: CooperationKind, field: &str, from: &str, to: &[&str]) -> Cooperation {
    let to = to.iter().map(|&site| site.to_owned()).collect();
    Cooperation::new(key, kind, Parties::Directed { from: from.to_owned(), to }).fields(&[field])
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::open("networks/leipzig")?;
    let network = region.network();
    let framework = network
        .cooperations()
        .iter()
        .find(|one| one.key == "ukl-st-georg-2025")
        .ok_or("the framework is in the file")?;
    println!("{}: {}", framework.key, framework.fields.join(", "));

    let minutes = Seconds::from_minutes;
    let transfer = |time| CooperationKind::Transfer {
        door_in_door_out: Some(minutes(time)),
        acceptance: None,
    };
    let team = CooperationKind::VisitingTeam { call_out: Some(minutes(20)) };
    let tele = CooperationKind::Telemedicine { consult: Some(minutes(10)) };
    let pathology = CooperationKind::CentralService { turnaround: Some(minutes(24 * 60)) };
    let (ukl, st_georg) = ("ukl-leipzig", "st-georg-leipzig");

    // Between the two alone: patients handed on within 45 minutes, teams that go over.
    let mut between = Vec::new();
    for (from, to) in [(ukl, st_georg), (st_georg, ukl)] {
        for field in ["neurology", "neonatology", "emergency"] {
            between.push(link(
                format!("transfer-{field}-{from}"),
                transfer(45),
                field,
                from,
                &[to],
            ));
        }
        between.push(link(format!("team-{from}"), team, "neurology", from, &[to]));
    }
    // For the hospital region, which the partners name as a topic of their talks.
    let sites: Vec<&str> = network
        .hospitals()
        .iter()
        .filter(|one| !one.outside && one.facility("ct").is_some())
        .map(|one| one.key.as_str())
        .filter(|key| ![ukl, st_georg].contains(key))
        .collect();
    let mut opened = between.clone();
    opened.push(link("tele-neurology".into(), tele, "neurology", ukl, &sites));
    opened.push(link("tele-oncology".into(), tele, "haematology_oncology", ukl, &sites));
    opened.push(link("pathology".into(), pathology, "pathology", st_georg, &sites));
    for site in &sites {
        for field in ["neurology", "neonatology"] {
            opened.push(link(
                format!("transfer-{field}-{site}"),
                transfer(60),
                field,
                site,
                &[ukl, st_georg],
            ));
        }
    }

    // A protocol of the rescue service says nothing about patients who choose for themselves.
    let all = &network.catalog().pathways;
    let pathways: Vec<&Pathway> = all.iter().collect();
    let emergencies: Vec<&Pathway> =
        all.iter().filter(|one| one.urgency == Urgency::Emergency).collect();
    for (name, added) in
        [("Between the two alone", &between), ("Open to the region's sites", &opened)]
    {
        for (protocol, pathways) in
            [(Protocol::Free, &pathways), (Protocol::NearestDoor, &emergencies)]
        {
            println!("\n{name}, {} new links, {}:", added.len(), protocol.label());
            let query = Query::default().protocol(protocol);
            let study = Study::new(&region, pathways, added, query)?;
            let new = (0..added.len()).map(|at| network.added_cooperation(at)).collect();
            let without = Outage { cooperations: new, ..Outage::default() };
            let effects = study.compare(&without, &Outage::default());
            let gains: Vec<(&Pathway, &Effect)> =
                study.pathways().zip(&effects).filter(|(_, effect)| !effect.is_nothing()).collect();
            for (pathway, effect) in &gains {
                println!(
                    "  {:12} {:>7.0} people sooner, {:>5.1} minutes a case; {:>6.0} later; {:>6.1} hours a year saved",
                    pathway.key,
                    effect.people,
                    effect.seconds_per_case().unwrap_or(0.0) / 60.0,
                    effect.people_later,
                    effect.net_seconds() / 3600.0
                );
            }
            if gains.is_empty() {
                println!("  nobody's time changes: both already do everything themselves");
            }
        }
    }
    println!(
        "\nUnder the protocol some are later: a site that telemedicine turns into the nearest door is\n\
         slower for them than the stroke unit to which they went before."
    );
    println!(
        "\nAssumed: all terms (45 and 60 minutes between two doors, 20 minutes of call-out, 10 of\n\
         consultation, a day for pathology), that every site takes part, and hours around the clock."
    );
    Ok(())
}
