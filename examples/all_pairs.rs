//! Shows every pair of hospitals with a stroke unit whose closure hurts more than the two closures by
//! themselves, and which stroke units could close without anybody falling out of 30 minutes.
//!
//! Run with `cargo run --example all_pairs`.

use verbund::Region;
use verbund::planning::closures::{self, Aftermaths, Order, Sites};
use verbund::run::Control;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::open("networks/leipzig")?;
    let network = region.network();
    let standard = network.catalog().standard("stroke_unit").ok_or("no such standard")?;
    let pairs = closures::search(&region, standard, Sites::Inside, Order::Pair)?;
    println!(
        "{} pairs of {} hospitals; {} hurt more than the sum:",
        pairs.sets(),
        pairs.sites().len(),
        pairs.sets_together()
    );
    let aftermaths = Aftermaths::new(&region, standard)?;
    for pair in pairs.together(usize::MAX) {
        let [a, b] = pair.hospitals[..] else { continue };
        let alone = |id| pairs.newly_beyond(&[id]);
        let backup = aftermaths.of(&pair.hospitals).backup_seconds;
        println!(
            "  {} and {}: {} people beyond {} minutes together; alone {} and {}, so {} more; {:.1} minutes longer",
            network[a].key,
            network[b].key,
            pair.newly_beyond,
            standard.minutes,
            alone(a),
            alone(b),
            pair.more_than_singles,
            backup.unwrap_or(0.0) / 60.0
        );
    }

    let found = closures::harmless(&region, standard, Sites::Inside, &Control::default())?;
    println!("\nWithout anybody falling out, {} could close:", found.closing.len());
    for id in &found.closing {
        println!("  {}", network[*id].name);
    }
    println!(
        "{}",
        if found.is_proven { "No larger set could." } else { "A larger set may exist." }
    );
    println!("Neighbours get fuller: verbund closures --harmless --standard stroke_unit");
    Ok(())
}
