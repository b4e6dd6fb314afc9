//! Shows which new agreement of two hospitals keeps most service groups (annex 1 SGB V) at each site
//! of Nordsachsen, and what such an agreement must cover.
//!
//! Run with `cargo run --example agreement_keeps_a_group`.

use std::cmp::Reverse;

use verbund::Region;
use verbund::model::HospitalId;
use verbund::rules::{Assessment, GroupAt, GroupSettings, UnlockSettings, unlocks};

/// The groups of one site, in one line.
fn of_site(groups: &[GroupAt], site: HospitalId) -> String {
    let mut here: Vec<String> = Vec::new();
    for group in groups.iter().filter(|group| group.hospital == site) {
        here.push(group.group.to_string());
    }
    here.join(", ")
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::open("networks/leipzig")?;
    let network = region.network();
    let settings = GroupSettings::default();
    let district = "Landkreis Nordsachsen";
    let which = UnlockSettings::default().district(district);
    let found = unlocks(&region, &settings, &which)?;

    println!("{district}: offered, but without what annex 1 asks for, and who could change that");
    for site in Assessment::new(network, &settings)?.sites {
        let hospital = &network[site.hospital];
        let missing = site.groups.iter().filter(|one| !one.verdict.is_met());
        let missing: Vec<String> = missing.map(|one| one.group.to_string()).collect();
        if hospital.district.as_deref() != Some(district) || missing.is_empty() {
            continue;
        }
        println!("\n{}: {}", hospital.key, missing.join(", "));
        // The agreement that keeps most here; of equally many, the one with the nearest partner.
        let gained = |one: &&verbund::rules::Unlock| {
            let here =
                one.unlocked.iter().filter(|gained| gained.hospital == site.hospital).count();
            (Reverse(here), one.journey)
        };
        let Some(best) = found.iter().min_by_key(gained).filter(|one| gained(one).0.0 > 0) else {
            println!("  no single agreement keeps any of them");
            continue;
        };
        let [a, b] = best.partners;
        let (from, to) = (&network[a].key, &network[b].key);
        println!("  agreement {from} – {to}, {:.0} minutes apart", best.journey.minutes());
        println!("  keeps     {}", of_site(&best.unlocked, site.hospital));
        for partner in [a, b].into_iter().filter(|one| !of_site(&best.supplied, *one).is_empty()) {
            let what = of_site(&best.supplied, partner);
            println!("  covers    {what} of {}", network[partner].key);
        }
    }
    println!("\nWho offers which group is assumed: networks/catalog/service_group_assumptions.ron");
    Ok(())
}
