//! Shows drip-and-ship against mothership in the region: strokes with a vessel occlusion that go to
//! the nearest door and are handed on, or straight to a centre.
//!
//! Run with `cargo run --example drip_and_ship`.

use verbund::Region;
use verbund::pathways::{Objective, Prepared, Protocol, Query};
use verbund::units::Seconds;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let region = Region::open("networks/leipzig")?;
    let pathway = region.network().catalog().pathway("stroke_lvo").ok_or("no such pathway")?;
    let prepared = Prepared::new(&region, pathway, &[])?;
    let earliest_lysis = Query::default().objective(Objective::Stage("thrombolysis".to_owned()));
    let rules = [
        ("drip and ship: nearest door first", Query::default().protocol(Protocol::NearestDoor)),
        (
            "centre when at most 10 minutes later",
            Query::default().protocol(Protocol::Bypass { detour: Seconds::from_minutes(10) }),
        ),
        (
            "centre when at most 20 minutes later",
            Query::default().protocol(Protocol::Bypass { detour: Seconds::from_minutes(20) }),
        ),
        ("mothership: direct to the centre", Query::default().protocol(Protocol::DirectToCentre)),
        ("least time to thrombectomy", Query::default()),
        ("least time to thrombolysis", earliest_lysis),
    ];
    println!("Mean minutes from the call to the end of     lysis   thrombectomy   handed on");
    for (name, query) in rules {
        let outcome = prepared.evaluate(&query)?;
        let stages = outcome.stages();
        let mean = |at: usize| stages[at].done.mean_seconds.unwrap_or(f64::NAN) / 60.0;
        let handed_on = outcome.loads().ways.transfer;
        println!("  {name:40} {:>7.1} {:>14.1} {:>9.1} %", mean(2), mean(3), handed_on * 100.0);
    }
    println!(
        "\nThe median of 92 minutes between two doors, plus 30 minutes where no agreement holds\n\
         (assumed), weighs more than any detour of the region: shipping pays only for who needs\n\
         the thrombolysis at once. First leg and stage times as in the catalog, most of them assumed."
    );
    Ok(())
}
