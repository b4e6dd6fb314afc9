//! Shows who reaches obstetric care within 40 minutes, and what one closure would change.
//!
//! Run with `cargo run --example coverage`.

use verbund::{Region, coverage};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::open("networks/leipzig")?;
    let network = region.network();
    let standard = network.catalog().standard("obstetrics").ok_or("no such standard")?;
    let result = coverage::evaluate(&region, standard)?;

    println!("{} for {}", standard.name, standard.population.label());
    let total = &result.total;
    println!("  {} of {} within {} minutes", total.within_limit, total.people, standard.minutes);
    println!("  mean {:.1} minutes", total.mean_seconds.unwrap_or(0.0) / 60.0);
    for district in &result.districts {
        let reach = &district.reach;
        println!(
            "  {}: {:.1} % within 15 minutes",
            district.district,
            100.0 * reach.within[0] as f64 / reach.people as f64
        );
    }
    println!("\nNearest to most women:");
    for catchment in result.catchments.iter().take(5) {
        println!(
            "  {:32} {:>7} women, {:>4} beyond the limit if it closed",
            network[catchment.hospital].key, catchment.people, catchment.newly_beyond_if_closed
        );
    }
    println!("\nTravel times: {}", region.travel());
    Ok(())
}
