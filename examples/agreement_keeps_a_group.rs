//! Shows which new agreement of two hospitals keeps most service groups (annex 1 SGB V) at the sites
//! of Nordsachsen, and what such an agreement must cover.
//!
//! Run with `cargo run --example agreement_keeps_a_group`.

use verbund::Region;
use verbund::model::{GroupRef, HospitalId};
use verbund::rules::{Assessment, GroupSettings, UnlockSettings, Verdict, unlocks};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::open("networks/leipzig")?;
    let network = region.network();
    let settings = GroupSettings::default();
    let district = "Landkreis Nordsachsen";

    println!("Offered in {district}, but without what annex 1 asks for:");
    for site in Assessment::new(network, &settings)?.sites {
        let hospital = &network[site.hospital];
        let missing = site.groups.iter().filter(|one| matches!(one.verdict, Verdict::Missing(_)));
        let missing: Vec<String> = missing.map(|one| one.group.to_string()).collect();
        if hospital.district.as_deref() == Some(district) && !missing.is_empty() {
            println!("  {:28} {}", hospital.key, missing.join(", "));
        }
    }

    let which = UnlockSettings { district: Some(district.into()), ..UnlockSettings::default() };
    let words = |groups: &[(HospitalId, GroupRef)]| {
        let one =
            |(site, group): &(HospitalId, GroupRef)| format!("{group} at {}", network[*site].key);
        groups.iter().map(one).collect::<Vec<String>>().join(", ")
    };
    println!("\nSingle agreements that keep most of them:");
    for found in unlocks(&region, &settings, &which)?.iter().take(5) {
        let (a, b) = found.partners;
        println!("  {} – {} ({:.0} min)", network[a].key, network[b].key, found.journey.minutes());
        println!("    keeps  {}", words(&found.unlocked));
        println!("    covers {}", words(&found.supplied));
    }
    println!("\nWho offers which group is assumed: networks/catalog/service_group_assumptions.ron");
    Ok(())
}
